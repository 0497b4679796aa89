using System.Buffers;
using System.Diagnostics;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Streaming;

/// <summary>The relay of a token: framing, one look at the chunk, and writing it with another model and without the usage.</summary>
public sealed class RelayAllocationTests
{
    private const int Chunks = 20_000;

    private static readonly byte[] Event =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770950813,"model":"backend-model","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}],"usage":null}"""u8
            .ToArray().Concat("\n\n"u8.ToArray()).ToArray();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Token_costs_no_allocation_of_ours(bool repeats)
    {
        await using var exchange = new Exchange(
            new DefaultHttpContext(), new Operation { Name = "chat", Path = "/chat/completions" }, null!, "id")
        {
            Facts = new RequestFacts { Model = "public-model", Stream = true },
        };
        using var frames = new FrameBuffer();
        var relay = new ChatRelay(exchange, _ => new ApiError(ErrorCause.BackendError, "x"));
        var output = new ArrayBufferWriter<byte>(64 * 1024);
        Relay(frames, relay, output, repeats, 100);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var started = Stopwatch.GetTimestamp();
        Relay(frames, relay, output, repeats, Chunks);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var perChunk = Stopwatch.GetElapsedTime(started).TotalNanoseconds / Chunks;

        TestContext.Current.TestOutputHelper?.WriteLine($"{perChunk:F0} ns a chunk");
        Assert.True(allocated < 1024, $"{allocated} bytes for {Chunks} chunks");
    }

    private static void Relay(FrameBuffer frames, ChatRelay relay, ArrayBufferWriter<byte> output, bool repeats, int count)
    {
        for (var i = 0; i < count; i++)
        {
            Event.CopyTo(frames.Space());
            frames.Advance(Event.Length);
            output.ResetWrittenCount();
            if (repeats && i > 0)
            {
                frames.Skip(relay.TryRepeat(frames.Pending, output));
            }

            while (frames.TryRead(out var raw))
            {
                if (relay.Relay(EventFrame.Read(raw), output) != RelayResult.Written)
                {
                    throw new InvalidOperationException("The chunk was not relayed.");
                }
            }
        }
    }
}
