using System.Buffers;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Streaming;

/// <summary>A chunk that the router writes itself, for a token that a Triton has generated.</summary>
[MemoryDiagnoser]
public class ChunkWriterBenchmarks
{
    private const int Chunks = 1000;

    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly ChunkWriter _chunks = new(
        ChatDialect.Instance, new AnswerHead("chatcmpl-0123456789abcdef", 1770950813, "public-model"), choices: 1, includeUsage: false,
        withLogProbs: false);

    /// <summary>Plain text.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Text() => Write(" token"u8);

    /// <summary>Text that JSON has to escape.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int EscapedText() => Write(" \"x\"\n"u8);

    /// <summary>Text beyond ASCII.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int WideText() => Write(" größer 🙂"u8);

    private int Write(ReadOnlySpan<byte> text)
    {
        for (var i = 0; i < Chunks; i++)
        {
            _output.ResetWrittenCount();
            _chunks.WriteText(_output, 0, new VisibleText(default, text));
        }

        return _output.WrittenCount;
    }
}
