using System.Text;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Telemetry.Metrics;

/// <summary>
/// The Api as a process with a store, a simulated Triton and a scripted backend, to which everything has happened that it measures:
/// answers and streams, retries, a fallback, an open breaker, refusals by limits and queues, and the loss of its store.
/// </summary>
[CollectionDefinition(Name)]
public sealed class MeasuredRouter : IAsyncLifetime, ICollectionFixture<MeasuredRouter>
{
    /// <summary>The collection of the tests that look at it.</summary>
    public const string Name = "A router to which much has happened";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("airouter-measured-");
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ApiProcess _process = null!;
    private ScriptedUpstream _upstream = null!;
    private SimulatedTriton _triton = null!;
    private RedisServer _redis = null!;

    internal HttpClient Http { get; private set; } = null!;

    /// <summary>Where <c>/metrics</c> is, as <c>host:port</c>.</summary>
    internal string Address => Http.BaseAddress!.Authority;

    /// <summary>What <c>/metrics</c> said in the end.</summary>
    internal PrometheusText Metrics { get; private set; } = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _triton = await SimulatedTriton.StartAsync();
        _upstream = await ScriptedUpstream.StartAsync(AnswerAsync);
        var file = Path.Combine(_folder.FullName, "airouter.yaml");
        await File.WriteAllTextAsync(file, Yaml, Token);
        (_process, Http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG"] = file,
            ["AIROUTER_DATA"] = Path.Combine(_folder.FullName, "data"),
            ["ConnectionStrings__redis"] = _redis.ConnectionString,
        });
        await Eventually.HoldsAsync(async () => (await Http.GetAsync("/v1/models", Token)).IsSuccessStatusCode);
        await LetEverythingHappenAsync();
        Metrics = await ReadAsync();
    }

    /// <summary>Reads <c>/metrics</c> now.</summary>
    internal async Task<PrometheusText> ReadAsync() => PrometheusText.Parse(await Http.GetStringAsync("/metrics", Token));

    /// <summary>Posts a chat request; the result is its status.</summary>
    internal async Task<int> ChatAsync(string model, string members = "")
    {
        var json = TritonRouter.Chat("[[say:one two three]]", members, model);
        using var response = await Http.PostAsync("/v1/chat/completions", new StringContent(json, Encoding.UTF8, "application/json"), Token);
        await response.Content.ReadAsByteArrayAsync(Token);
        return (int)response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _released.TrySetResult();
        Http?.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        foreach (var part in (IAsyncDisposable?[])[_upstream, _triton, _redis])
        {
            if (part is not null)
            {
                await part.DisposeAsync();
            }
        }

        _folder.Delete(recursive: true);
    }

    private async Task LetEverythingHappenAsync()
    {
        Assert.Equal(200, await ChatAsync("chat", "\"stream\":true"));
        Assert.Equal(200, await ChatAsync("chat"));
        Assert.Equal(200, await ChatAsync("any-name"));
        Assert.Equal(200, await ChatAsync("wobbly"));
        Assert.Equal(503, await ChatAsync("stingy"));
        Assert.Equal(200, await ChatAsync("broken"));
        Assert.Equal(200, await ChatAsync("broken"));
        Assert.Equal(429, await ChatAsync("busy"));
        Assert.Equal(404, await ChatAsync("made-up"));
        Assert.Equal(200, await ChatAsync("limited"));
        Assert.Equal(429, await ChatAsync("limited"));

        var waiting = ChatAsync("narrow");
        await Eventually.HoldsAsync(() => _upstream.Requests.Any(r => Text(r).Contains("\"slow\"", StringComparison.Ordinal)));
        Assert.Equal(429, await ChatAsync("narrow"));
        _released.SetResult();
        Assert.Equal(200, await waiting);

        await _redis.KillAsync();
        await Eventually.HoldsAsync(async () => (await ReadAsync()).Value("airouter_store_up") == 0);
        await ChatAsync("limited");
        await Eventually.HoldsAsync(async () =>
            (await ReadAsync()) is var metrics && metrics.Has("airouter_limits_unshared_total") && metrics.Has("airouter_probes_total") &&
            metrics.Samples.Any(s => s.Name == "airouter_store_duration_seconds_count" && s.Labels.ContainsKey("error_type")) &&
            metrics.Value("airouter_requests_active") == 0);
    }

    private async Task AnswerAsync(UpstreamCall call)
    {
        var body = Text(call.Request);
        if (HttpMethods.IsGet(call.Http.Request.Method))
        {
            await call.JsonAsync("""{"object":"list","data":[]}""");
        }
        else if (body.Contains("\"bad\"", StringComparison.Ordinal))
        {
            await call.JsonAsync("{}", 503);
        }
        else if (body.Contains("\"busy\"", StringComparison.Ordinal))
        {
            await call.JsonAsync("{}", 429);
        }
        else
        {
            if (body.Contains("\"slow\"", StringComparison.Ordinal))
            {
                await _released.Task;
            }

            await call.JsonAsync(
                """
                {"id":"c1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],
                "usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":64}}}
                """);
        }
    }

    private static string Text(RecordedRequest request) => Encoding.UTF8.GetString(request.Body);

    private string Yaml =>
        $$"""
        server: { authentication: none }
        backends:
          gpu: { kind: triton, url: "{{_triton.Address}}" }
          upstream: { url: "{{_upstream.Url}}", breaker: { failures: 2, open: 600, maxOpen: 600 }, probe: { interval: 0.5 } }
        models:
          chat: { targets: [ { backend: gpu, model: ensemble } ], price: { input: 1, output: 2 } }
          "any-*": { targets: [ { backend: upstream, model: good } ] }
          wobbly: { targets: [ { backend: upstream, model: bad }, { backend: upstream, model: good, priority: 1 } ] }
          stingy:
            targets: [ { backend: upstream, model: bad }, { backend: upstream, model: good, priority: 1 } ]
            retry: { budget: 0, minPerSecond: 0 }
          broken: { targets: [ { backend: upstream, model: bad } ], retry: { attempts: 1 }, fallbacks: [ { model: chat } ] }
          busy: { targets: [ { backend: upstream, model: busy } ], retry: { attempts: 1 } }
          limited: { targets: [ { backend: upstream, model: good } ], limits: { requestsPerMinute: 1 } }
          narrow: { targets: [ { backend: upstream, model: slow } ], queue: { concurrentPerReplica: 1, waitingPerReplica: 0 } }
        """;
}
