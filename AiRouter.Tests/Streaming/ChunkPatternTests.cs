using System.Buffers;
using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Streaming;

/// <summary>A chunk that is not parsed, because it is like one before, becomes what it would have become.</summary>
public sealed class ChunkPatternTests
{
    private static readonly string[] Texts =
        ["token", "", "é", "\\n", "\\\"", "\\u00e9", "\\", "\"", "\n", "\r", "\t", "a\"},\"finish_reason\":\"stop", "x\",\"content\":\"y", "\"error\":{}", "😀"];

    private static readonly string[] Ends = ["\n\n", "\n\n\n", "\r\n\r\n", "\r\r", "\n", "\nid: 1\n\n", "\ndata: {}\n\n"];
    private static readonly string[] Heads = ["data: ", "data:", "event: message\ndata: ", ": x\ndata: ", "\ndata: "];
    private static readonly string[] Usages = ["", ",\"usage\":null", ",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}"];
    private static readonly string[] Errors = ["", ",\"error\":null", ",\"error\":{\"message\":\"no\"}"];
    private static readonly string[] Members = ["content", "reasoning_content", "role", "content\":\"a\",\"content"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Chunk_like_one_before_is_relayed_as_if_it_had_been_read(bool wantsUsage)
    {
        var repeated = 0;
        for (var seed = 0; seed < 4_000; seed++)
        {
            var random = new Random(seed);
            var stream = Stream(random);
            var read = Relay(stream, random.Next(1, 1200), wantsUsage, repeats: false, ref repeated);
            var guessed = Relay(stream, random.Next(1, 1200), wantsUsage, repeats: true, ref repeated);
            Assert.True(read == guessed, $"{seed}: {Encoding.UTF8.GetString(stream)}\n--- read\n{read}\n--- repeated\n{guessed}");
        }

        // Else nothing was compared.
        Assert.True(repeated > 800, $"{repeated}");
    }

    [Fact]
    public void Chunk_with_another_end_is_never_taken_for_one_before()
    {
        var repeated = 0;
        var stream = Encoding.UTF8.GetBytes(string.Concat(
            Chunk("a", "null"), Chunk("b", "null"), Chunk("c", "\"stop\""), Chunk("d", "\"stop\""), "data: [DONE]\n\n"));

        var output = Relay(stream, 4096, wantsUsage: false, repeats: true, ref repeated);

        Assert.Equal(1, repeated);
        Assert.StartsWith("Done", output, StringComparison.Ordinal);
        Assert.Contains("\"d\"", output, StringComparison.Ordinal);
    }

    private static string Chunk(string text, string finish) =>
        $"data: {{\"id\":\"c\",\"created\":1,\"model\":\"backend-model\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":{finish}}}]}}\n\n";

    /// <summary>Chunks of which most are alike, some are not, and some are broken.</summary>
    private static byte[] Stream(Random random)
    {
        var text = new StringBuilder();
        var usual = random.Next();
        for (var left = random.Next(1, 12); left > 0; left--)
        {
            // Mostly the same chunk with another text; now and then one that differs somewhere.
            var shape = new Random(random.Next(4) == 0 ? random.Next() : usual);
            var model = shape.Next(4) == 0 ? "" : "\"model\":\"backend-model\",";
            var behind = shape.Next(4) == 0 ? ",\"model\":\"x\"" : "";
            var usageFirst = shape.Next(8) == 0 ? "\"usage\":null," : "";
            text.Append(Pick(shape, Heads)).Append('{').Append(usageFirst).Append("\"id\":\"c\",\"created\":1,").Append(model)
                .Append("\"choices\":[{\"index\":").Append(shape.Next(2)).Append(",\"delta\":{\"").Append(Pick(shape, Members))
                .Append("\":\"").Append(random.Next(3) == 0 ? Texts[random.Next(Texts.Length)] : " word").Append("\"},\"finish_reason\":")
                .Append(shape.Next(8) == 0 ? "\"stop\"" : "null").Append("}]").Append(Pick(shape, Usages))
                .Append(Pick(shape, Errors)).Append(behind).Append('}').Append(Pick(shape, Ends));
        }

        text.Append(random.Next(2) == 0 ? "data: [DONE]\n\n" : "");
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (random.Next(4) == 0)
        {
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        }

        return bytes;
    }

    /// <summary>The first, which is the usual one, or any.</summary>
    private static T Pick<T>(Random random, T[] from) => random.Next(6) > 0 ? from[0] : from[random.Next(from.Length)];

    /// <summary>Everything that a relay says and keeps of a stream.</summary>
    private static string Relay(byte[] stream, int readSize, bool wantsUsage, bool repeats, ref int repeated)
    {
        var exchange = new Exchange(new DefaultHttpContext(), new Operation { Name = "chat", Path = "/chat/completions" }, null!, "id")
        {
            Facts = new RequestFacts { Model = "public", Stream = true, IncludeUsage = wantsUsage },
            Progress = new AnswerProgress(),
        };
        FrameRelay relay = new ChatRelay(exchange, static _ => new ApiError(ErrorCause.BackendError, "x"));
        var counting = new CountingRelay(relay, repeats);
        using var frames = new FrameBuffer();
        var output = new ArrayBufferWriter<byte>();
        RelayResult result;
        var at = 0;
        do
        {
            var space = frames.Space().Span;
            var count = Math.Min(Math.Min(readSize, space.Length), stream.Length - at);
            stream.AsSpan(at, count).CopyTo(space);
            frames.Advance(count);
            at += count;
            result = counting.RelayAll(frames, output, isEnd: count == 0, out _);
        }
        while (result is not (RelayResult.Done or RelayResult.Failed));

        repeated += counting.Repeated;
        return $"{result} {counting.Failure?.Cause} {exchange.Usage} {exchange.Progress?.Output}\n{Encoding.UTF8.GetString(output.WrittenSpan)}";
    }

    /// <summary>Hands everything on, or lets nothing be repeated.</summary>
    private sealed class CountingRelay(FrameRelay inner, bool repeats) : FrameRelay
    {
        public int Repeated { get; private set; }

        public override RelayResult Relay(EventFrame frame, IBufferWriter<byte> output) => Note(inner.Relay(frame, output));

        public override RelayResult End(IBufferWriter<byte> output) => Note(inner.End(output));

        public override int TryRepeat(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
        {
            var length = repeats ? inner.TryRepeat(bytes, output) : 0;
            Repeated += length > 0 ? 1 : 0;
            return length;
        }

        private RelayResult Note(RelayResult result)
        {
            Failure = inner.Failure;
            return result;
        }
    }
}
