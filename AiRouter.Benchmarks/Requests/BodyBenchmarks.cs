using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Requests;

/// <summary>What the router does with the bytes of a chat request: to find what matters in it, and to write it with another model.</summary>
[MemoryDiagnoser]
public class BodyBenchmarks
{
    private static readonly Operation Chat = new() { Name = Operations.Chat, Path = "/chat/completions", MayStream = true };
    private static readonly GlobalLimitsConfig Figures = new();

    private readonly ArrayBufferWriter<byte> _output = new(2 * 1024 * 1024);
    private byte[] _body = [];
    private JsonIndex _index = null!;

    /// <summary>Bytes of the request.</summary>
    [Params(300, 64 * 1024, 1024 * 1024)]
    public int Size { get; set; }

    /// <summary>Whether its text has an escape in each line.</summary>
    [Params(false, true)]
    public bool Escaped { get; set; }

    /// <summary>Makes the request.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _body = ChatBodies.Of(Size, Escaped);
        _index = JsonIndex.Read(_body, out _)!;
    }

    /// <summary>To compare with: the bytes copied once.</summary>
    [Benchmark(Baseline = true)]
    public int Copy()
    {
        _output.ResetWrittenCount();
        _output.Write(_body);
        return _output.WrittenCount;
    }

    /// <summary>To compare with: .NET's reader goes over it once.</summary>
    [Benchmark]
    public long Reader()
    {
        var reader = new Utf8JsonReader(_body);
        while (reader.Read())
        {
        }

        return reader.BytesConsumed;
    }

    /// <summary>Proves it well-formed and finds its members and what routing needs of them.</summary>
    [Benchmark]
    public bool Scan()
    {
        using var index = JsonIndex.Read(_body, out _)!;
        return RequestFacts.Read(index, Chat, out _)!.Stream;
    }

    /// <summary>The most tokens that it can have, where tokens are limited.</summary>
    [Benchmark]
    public long Bound() => InputBound.OfConversation(_index, Figures).Tokens;

    /// <summary>Writes it with another model.</summary>
    [Benchmark]
    public int Splice()
    {
        _output.ResetWrittenCount();
        var changes = new MemberChanges(_index);
        changes.Set("model", "\"another-model\""u8.ToArray());
        changes.ToEdits().WriteTo(_output, _body);
        return _output.WrittenCount;
    }
}
