using System.Text;
using AiRouter.Triton;
using AiRouter.Triton.Contract;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Triton.Fixtures;

/// <summary>A scripted server with a client on it, and the few steps that most tests take.</summary>
internal sealed class TritonHarness : IAsyncDisposable
{
    private TritonHarness(ScriptedTriton server, TritonClient client)
    {
        Server = server;
        Client = client;
    }

    public ScriptedTriton Server { get; }

    public TritonClient Client { get; }

    public static GenerationRequest Request => new()
    {
        Prompt = "Say it: "u8.ToArray(),
        MaxTokens = 16,
        RequestId = "req-1",
        Stream = true,
    };

    public static async Task<TritonHarness> StartAsync(
        ModelConfig model, Func<TritonClientOptions, TritonClientOptions>? configure = null, TimeProvider? time = null)
    {
        var server = await ScriptedTriton.StartAsync();
        server.Models["m"] = model;
        var options = new TritonClientOptions { Address = server.Address, Connections = 1 };
        return new TritonHarness(
            server,
            new TritonClient(configure?.Invoke(options) ?? options, time ?? TimeProvider.System, NullLoggerFactory.Instance));
    }

    /// <summary>The server answers every request with these messages.</summary>
    public TritonHarness Answer(params ModelStreamInferResponse[] responses)
    {
        Server.OnInfer = async (_, stream) =>
        {
            foreach (var response in responses)
            {
                await stream.WriteAsync(response);
            }
        };
        return this;
    }

    /// <summary>Begins a generation on the one model.</summary>
    public async Task<Generation> GenerateAsync(GenerationRequest? request = null)
    {
        var token = TestContext.Current.CancellationToken;
        var model = await Client.GetModelAsync("m", token);
        return Client.Generate(model, request ?? Request, token);
    }

    /// <summary>Reads a whole generation.</summary>
    public async Task<Answer> RunAsync(GenerationRequest? request = null)
    {
        await using var generation = await GenerateAsync(request);
        return await Fixtures.Answer.ReadAsync(generation);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}

/// <summary>All that a generation gave.</summary>
internal sealed record Answer(IReadOnlyList<string> Pieces, Generation Generation)
{
    public string Text => string.Concat(Pieces);

    public static async Task<Answer> ReadAsync(Generation generation)
    {
        var pieces = new List<string>();
        while (await generation.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20)))
        {
            pieces.Add(Encoding.UTF8.GetString(generation.Text.Span));
        }

        return new Answer(pieces, generation);
    }
}
