using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Tests.Clients;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

[assembly: AssemblyFixture(typeof(ClientServers))]

namespace AiRouter.Tests.Clients;

/// <summary>
/// What the real clients talk to: a router whose models lie on a simulated Triton, and once more behind an OpenAI-compatible
/// backend, which is a router in front of that same Triton; and for the examples a router that wants a key. Started when first
/// asked for, shared by all client tests.
/// </summary>
public sealed class ClientServers : IAsyncDisposable
{
    private readonly Lazy<Task<Servers>> _servers = new(StartAsync);
    private readonly Lazy<Task<RunningRouter>> _keyed;
    private readonly Lazy<Task<(RunningRouter Router, RedisServer Redis)>> _dialects;

    /// <summary>Starts nothing yet.</summary>
    public ClientServers() => (_keyed, _dialects) = (new(StartKeyedAsync), new(StartDialectsAsync));

    /// <summary>The one key that <see cref="KeyedUrlAsync"/> takes.</summary>
    public static string Key { get; } = ClientKeySecret.Create();

    /// <summary>The base URL for clients, ending with <c>/v1</c>.</summary>
    public async Task<Uri> UrlAsync() => new((await _servers.Value).Front.Root, "/v1");

    /// <summary>
    /// The base URL of the router that wants <see cref="Key"/>. Its models are <c>words</c>, <c>bge</c> and <c>bge-copy</c>.
    /// </summary>
    public async Task<Uri> KeyedUrlAsync() => new((await _keyed.Value).Root, "/v1");

    /// <summary>
    /// The base URL of the router that keeps responses. Its models are <c>tools</c> and <c>thinker</c> on Triton, and <c>tools-relay</c>
    /// and <c>thinker-relay</c> at a backend of which it is told that it has no Responses API.
    /// </summary>
    public async Task<Uri> DialectUrlAsync() => new((await _dialects.Value).Router.Root, "/v1");

    /// <summary>The Triton behind it all.</summary>
    public async Task<SimulatedTriton> TritonAsync() => (await _servers.Value).Triton;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_keyed.IsValueCreated)
        {
            await (await _keyed.Value).DisposeAsync();
        }

        if (_dialects.IsValueCreated)
        {
            var (router, redis) = await _dialects.Value;
            await router.DisposeAsync();
            await redis.DisposeAsync();
        }

        if (_servers.IsValueCreated)
        {
            var servers = await _servers.Value;
            await servers.Front.DisposeAsync();
            await servers.Behind.DisposeAsync();
            await servers.Triton.DisposeAsync();
        }
    }

    private static async Task<Servers> StartAsync()
    {
        var triton = await SimulatedTriton.StartAsync();
        var behind = await RunningRouter.StartAsync(
            $$"""
            backends: { gpu: { kind: triton, url: "{{triton.Address}}" } }
            models:
              upstream-chat: { targets: [ { backend: gpu, model: ensemble } ] }
              upstream-embeddings: { targets: [ { backend: gpu, model: bge } ] }
              upstream-whisper: { targets: [ { backend: gpu, model: whisper_bls } ] }
              upstream-tools: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: qwen, reasoning: think }
              upstream-thinker: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: qwen3, unsupportedParameters: drop }
            """);
        var front = await RunningRouter.StartAsync(
            $$"""
            backends:
              gpu: { kind: triton, url: "{{triton.Address}}" }
              other: { kind: openai, url: "{{new Uri(behind.Root, "/v1")}}" }
            models:
              sim: { targets: [ { backend: gpu, model: ensemble } ] }
              relay: { targets: [ { backend: other, model: upstream-chat } ] }
              tools: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: qwen, reasoning: think }
              tools-relay: { targets: [ { backend: other, model: upstream-tools } ] }
              team/model: { targets: [ { backend: gpu, model: vllm_model } ] }
              whisper: { targets: [ { backend: gpu, model: whisper_bls } ] }
              whisper-relay: { targets: [ { backend: other, model: upstream-whisper } ] }
              bge: { targets: [ { backend: gpu } ] }
              bge-relay: { targets: [ { backend: other, model: upstream-embeddings } ] }
            """);
        return new Servers(triton, behind, front);
    }

    private async Task<RunningRouter> StartKeyedAsync() => await RunningRouter.StartAsync(
        $$"""
        server: { authentication: required }
        keys: [ { name: example, hash: "{{ClientKeySecret.HashOf(Key)}}" } ]
        backends: { gpu: { kind: triton, url: "{{(await TritonAsync()).Address}}" } }
        models:
          words: { operations: [chat], targets: [ { backend: gpu, model: ensemble } ] }
          bge: { operations: [embeddings], targets: [ { backend: gpu } ] }
          bge-copy: { operations: [embeddings], targets: [ { backend: gpu, model: bge } ] }
        """);

    private async Task<(RunningRouter Router, RedisServer Redis)> StartDialectsAsync()
    {
        var redis = await RedisServer.StartAsync();
        var servers = await _servers.Value;
        var router = await RunningRouter.StartAsync(
            $$"""
            server: { responses: { storeHours: 1 } }
            backends:
              gpu: { kind: triton, url: "{{servers.Triton.Address}}" }
              other: { kind: openai, url: "{{new Uri(servers.Behind.Root, "/v1")}}", responses: false }
            models:
              tools: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: qwen, reasoning: think }
              tools-relay: { targets: [ { backend: other, model: upstream-tools } ] }
              thinker: { targets: [ { backend: gpu, model: ensemble } ], promptFormat: qwen3, unsupportedParameters: drop }
              thinker-relay: { targets: [ { backend: other, model: upstream-thinker } ] }
            """,
            services => services.AddStore(new RedisStoreOptions { ConnectionString = redis.ConnectionString, Prefix = "dialects" }));
        return (router, redis);
    }

    private sealed record Servers(SimulatedTriton Triton, RunningRouter Behind, RunningRouter Front);
}
