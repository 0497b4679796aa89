using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Streaming;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Streaming;

/// <summary>An answer with 32 embeddings of 1,024 numbers, in both forms. A number is 1/32,768 of it.</summary>
[MemoryDiagnoser]
public class EmbeddingsJsonBenchmarks
{
    private const int Vectors = 32;
    private const int Length = 1024;

    private readonly ArrayBufferWriter<byte> _output = new(1024 * 1024);
    private readonly byte[] _copy = new byte[Length * sizeof(float)];
    private readonly List<ReadOnlyMemory<float>> _vectors = [];

    /// <summary>Makes vectors of length 1, as models do.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (var i = 0; i < Vectors; i++)
        {
            var vector = new float[Length];
            for (var j = 0; j < Length; j++)
            {
                vector[j] = (float)((random.NextDouble() - 0.5) / Math.Sqrt(Length) * Math.Sqrt(12));
            }

            _vectors.Add(vector);
        }
    }

    /// <summary>To compare with: each vector copied and encoded in base64, and nothing else.</summary>
    [Benchmark(Baseline = true)]
    public int CopyAndEncode()
    {
        _output.ResetWrittenCount();
        foreach (var vector in _vectors)
        {
            MemoryMarshal.AsBytes(vector.Span).CopyTo(_copy);
            Base64.EncodeToUtf8(_copy, _output.GetSpan(Base64.GetMaxEncodedToUtf8Length(_copy.Length)), out _, out var written);
            _output.Advance(written);
        }

        return _output.WrittenCount;
    }

    /// <summary>In base64.</summary>
    [Benchmark]
    public int AsBase64() => Write(asBase64: true);

    /// <summary>As JSON numbers.</summary>
    [Benchmark]
    public int AsNumbers() => Write(asBase64: false);

    private int Write(bool asBase64)
    {
        _output.ResetWrittenCount();
        EmbeddingsJson.Write(_output, _vectors, asBase64, "embedder", new TokenUsage(320, 0, 0, IsEstimated: false));
        return _output.WrittenCount;
    }
}
