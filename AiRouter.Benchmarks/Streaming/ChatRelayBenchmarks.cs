using System.Buffers;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Benchmarks.Streaming;

/// <summary>A chunk of a chat stream that passes through: framed, looked at, and written with another model and without the usage.</summary>
[MemoryDiagnoser]
public class ChatRelayBenchmarks : IDisposable
{
    private const int Chunks = 1000;

    // 233 bytes, as vLLM writes a token.
    private static readonly byte[] Event =
    [
        .. """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1770950813,"model":"backend-model","system_fingerprint":"fp","choices":[{"index":0,"delta":{"content":" token"},"logprobs":null,"finish_reason":null}],"usage":null}"""u8,
        .. "\n\n"u8,
    ];

    private readonly FrameBuffer _frames = new();
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly ChatRelay _relay = new(
        new Exchange(new DefaultHttpContext(), new Operation { Name = Operations.Chat, Path = "/chat/completions" }, null!, "id")
        {
            Facts = new RequestFacts { Model = "public-model", Stream = true },
        },
        _ => new ApiError(ErrorCause.BackendError, "No chunk of this benchmark is an error."));

    /// <summary>To compare with: its bytes copied in and out.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Chunks)]
    public int Copy()
    {
        Span<byte> buffer = stackalloc byte[512];
        for (var i = 0; i < Chunks; i++)
        {
            Event.CopyTo(buffer);
            _output.ResetWrittenCount();
            _output.Write(buffer[..Event.Length]);
        }

        return _output.WrittenCount;
    }

    /// <summary>One chunk, alone in what was read.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int Relay()
    {
        for (var i = 0; i < Chunks; i++)
        {
            Add();
            _output.ResetWrittenCount();
            RelayAll();
        }

        return _output.WrittenCount;
    }

    /// <summary>One chunk of eight that were read together.</summary>
    [Benchmark(OperationsPerInvoke = Chunks)]
    public int RelayOfEight()
    {
        for (var i = 0; i < Chunks / 8; i++)
        {
            for (var j = 0; j < 8; j++)
            {
                Add();
            }

            _output.ResetWrittenCount();
            RelayAll();
        }

        return _output.WrittenCount;
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _frames.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Add()
    {
        Event.CopyTo(_frames.Space());
        _frames.Advance(Event.Length);
    }

    private void RelayAll()
    {
        while (_frames.TryRead(out var raw))
        {
            if (_relay.Relay(EventFrame.Read(raw), _output) != RelayResult.Written)
            {
                throw new InvalidOperationException("The chunk was not relayed.");
            }
        }
    }
}
