using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Admission;

/// <summary>
/// The promise of exact limits: what is produced never exceeds a limit, whatever the concurrency, and what is settled is what was
/// produced.
/// </summary>
public sealed class HammerTests(StoreServers servers, ITestOutputHelper output)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData(StoreKind.Redis, 4000, 1.0, "rate_limit_exceeded")]
    [InlineData(StoreKind.Garnet, 4000, 1.0, "rate_limit_exceeded")]
    [InlineData(StoreKind.Redis, 1_000_000, 0.005, "insufficient_quota")]
    public async Task Four_replicas_never_exceed_a_limit_and_settle_what_was_produced(
        StoreKind kind, long tokensPerMinute, double usd, string refusal)
    {
        await using var hammer = await Hammer.StartAsync();
        var yaml = hammer.Yaml(tokensPerMinute, (decimal)usd);
        var store = new RedisStoreOptions { ConnectionString = await servers.ConnectionStringAsync(kind), Prefix = Guid.NewGuid().ToString("N") };
        var routers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RunningRouter.StartAsync(yaml, s => s.AddStore(store))));
        try
        {
            await Check(
                hammer, [.. routers.Select(r => r.Root)], routers[0].Services.GetRequiredService<ILimitLedger>(), tokensPerMinute, usd, refusal);
        }
        finally
        {
            foreach (var router in routers)
            {
                await router.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Two_processes_share_limits_exactly()
    {
        await using var hammer = await Hammer.StartAsync();
        var prefix = Guid.NewGuid().ToString("N");
        var environment = new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = hammer.Yaml(4000, 1),
            ["ConnectionStrings__redis"] = await servers.ConnectionStringAsync(StoreKind.Redis),
            ["AIROUTER_STORE_PREFIX"] = prefix,
        };
        var (first, firstHttp) = await ApiProcess.StartAsync(environment);
        await using var one = first;
        var (second, secondHttp) = await ApiProcess.StartAsync(environment);
        await using var two = second;
        await using var store = await servers.OpenAsync(StoreKind.Redis, prefix: prefix);

        await Check(
            hammer, [firstHttp.BaseAddress!, secondHttp.BaseAddress!], new StoreLimitLedger(store), 4000, 1, "rate_limit_exceeded");
    }

    private async Task Check(Hammer hammer, Uri[] routers, ILimitLedger ledger, long tokensPerMinute, double usd, string refusal)
    {
        var result = await hammer.RunAsync(routers, Duration);
        var settled = await Hammer.SettledAsync(ledger);

        output.WriteLine($"limit {tokensPerMinute} tokens, {usd} dollars: {result}");
        output.WriteLine($"settled {settled.Tokens} tokens, {settled.SpentNanoUsd} billionths of a dollar");
        Assert.True(result.Tokens <= tokensPerMinute, result.ToString());
        Assert.True(result.NanoUsd <= (long)((decimal)usd * 1_000_000_000), result.ToString());
        Assert.Equal((result.Tokens, result.NanoUsd), (settled.Tokens, settled.SpentNanoUsd));

        // It was the limit that held them back, and it did let through what it has room for.
        Assert.True(result.Answers[refusal] > 0, result.ToString());
        Assert.True(result.Answers["answered"] > 20, result.ToString());
    }
}
