using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Metering;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Browser;

public sealed class OverviewPageTests(StoreServers servers, Browser browser)
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

    [Fact]
    public async Task Overview_shows_usage_as_it_goes_and_what_is_down()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"c1","object":"chat.completion","model":"m","choices":[],"usage":{"prompt_tokens":1000,"completion_tokens":500}}""");
        await using var stage = await AdminStage.StartAsync(
            servers, Configuration.Replace("UPSTREAM", upstream.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));
        using var router = await stage.StartApiAsync();
        await WriteUsageAsync(stage);

        var page = await stage.SignInAsync(browser);
        await page.GetByText("The backend gpu-1").WaitForAsync();
        await page.Locator(".chart-plot svg").First.WaitForAsync();
        await page.InspectAsync("overview");
    }

    // A month of it, as routers would have written it.
    private static async Task WriteUsageAsync(AdminStage stage)
    {
        var options = new RedisStoreOptions { ConnectionString = stage.ConnectionString, Prefix = stage.Prefix };
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
