using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Metering;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Browser;

/// <summary>Admin, a router, a backend that answers, one that does not, and a month of usage.</summary>
public sealed class OverviewStage(StoreServers servers) : IAsyncLifetime
{
    private const string Configuration =
        """
        backends:
          gpu-1: { kind: triton, url: http://127.0.0.1:9 }
          mock: { url: "UPSTREAM/v1" }
        models:
          llama: { promptFormat: llama3, targets: [ { backend: gpu-1, model: ensemble } ] }
          "gpt-*": { targets: [ { backend: mock } ], price: { input: 2, output: 8 } }
        server: { authentication: none }
        """;

    private ScriptedUpstream? _upstream;

    /// <summary>Admin.</summary>
    internal AdminStage Stage { get; private set; } = null!;

    /// <summary>A client of the router.</summary>
    internal HttpClient Router { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c1","object":"chat.completion","model":"m","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500}}""");
        Stage = await AdminStage.StartAsync(
            servers, Configuration.Replace("UPSTREAM", _upstream.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));
        Router = await Stage.StartApiAsync();
        await WriteUsageAsync();
    }

    /// <summary>Asks the router something, as a client does.</summary>
    internal async Task AskAsync()
    {
        using var content = new StringContent(
            """{"model":"gpt-4o","messages":[{"role":"user","content":"Hi"}]}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await Router.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Router?.Dispose();
        if (Stage is not null)
        {
            await Stage.DisposeAsync();
        }

        if (_upstream is not null)
        {
            await _upstream.DisposeAsync();
        }
    }

    // As routers would have written it.
    private async Task WriteUsageAsync()
    {
        var options = new RedisStoreOptions { ConnectionString = Stage.ConnectionString, Prefix = Stage.Prefix };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(TestContext.Current.CancellationToken);
        using var replica = new MeteredReplica(store);
        var random = new Random(1);
        var now = TimeProvider.System.GetUtcNow();
        foreach (var minutes in Enumerable.Range(0, 60).Concat(Enumerable.Range(1, 29 * 24).Select(static h => h * 60)))
        {
            for (var i = 0; i < 3 + random.Next(8); i++)
            {
                replica.Meter.Record(Records.At(now.AddMinutes(-minutes), model: "gpt-*", backend: "mock") with
                {
                    Status = random.Next(20) switch { 0 => 429, 1 => 400, 2 => 502, 3 => 499, _ => 200 },
                    InputTokens = random.Next(2000),
                    OutputTokens = random.Next(800),
                    NanoUsd = random.Next(8_000_000),
                    TimeToFirstToken = TimeSpan.FromMilliseconds(20 + random.Next(300)),
                });
            }
        }

        Assert.True(await replica.WriteAsync());
    }
}
