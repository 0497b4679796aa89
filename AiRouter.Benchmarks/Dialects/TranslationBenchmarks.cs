using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Dialects.Responses;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Dialects;

/// <summary>
/// A chunk of a chat stream on its way to a client of another dialect, in streams of a thousand: read in place, and as a document, as
/// every chunk is that says more than a piece of text. What a stream has besides is in the figures, a thousandth of it.
/// </summary>
[MemoryDiagnoser]
public class TranslationBenchmarks
{
    private const int Chunks = 1000;

    private static readonly byte[] First = Frame("""{"role":"assistant","content":""}""");
    private static readonly byte[] Chunk = Frame("""{"content":" token"}""");

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);

    /// <summary>To the Responses API.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Responses() => InPlace(new ResponsesDialect());

    /// <summary>The same, each chunk as a document.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int ResponsesAsDocuments() => AsDocuments(new ResponsesDialect());

    /// <summary>To Anthropic's Messages.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Messages() => InPlace(MessagesDialect.Instance);

    /// <summary>The same, each chunk as a document.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int MessagesAsDocuments() => AsDocuments(MessagesDialect.Instance);

    private static byte[] Frame(string delta) =>
        [.. "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1770950813,\"model\":\"m\",\"system_fingerprint\":\"fp\",\"choices\":[{\"index\":0,\"delta\":"u8,
            .. System.Text.Encoding.UTF8.GetBytes(delta), .. ",\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"u8];

    private static IAnswerTranslation Begin(IClientDialect dialect) =>
        dialect.Begin(new JsonObject { ["input"] = "Hi" }, new DialectHead("m", 1770950813, static () => "0123456789abcdef"));

    private int InPlace(IClientDialect dialect)
    {
        using var frames = new FrameTranslation(Begin(dialect));
        frames.Translate(First, _output);
        for (var i = 0; i < Chunks; i++)
        {
            _output.ResetWrittenCount();
            frames.Translate(Chunk, _output);
        }

        return _output.WrittenCount;
    }

    private int AsDocuments(IClientDialect dialect)
    {
        var translation = Begin(dialect);
        for (var i = 0; i < Chunks; i++)
        {
            _output.ResetWrittenCount();
            var reader = new Utf8JsonReader(Chunk.AsSpan("data: ".Length));
            using var document = JsonDocument.ParseValue(ref reader);
            translation.WriteChunk(document.RootElement, _output);
        }

        return _output.WrittenCount;
    }
}
