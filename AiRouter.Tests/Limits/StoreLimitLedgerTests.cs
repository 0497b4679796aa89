using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using StackExchange.Redis;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>What is kept in the store, and for how long.</summary>
public sealed class StoreLimitLedgerTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Every_key_expires_by_itself_but_those_of_a_total_budget(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        await using var connection = await ConnectAsync(kind);
        var ledger = new StoreLimitLedger(store);
        LimitSubject[] subjects =
        [
            Of("plain", requests: 9, tokens: 900, concurrent: 9),
            Of("month", usd: 1, per: BudgetPeriod.Month),
            Of("total", usd: 1, per: BudgetPeriod.Total),
        ];
        var settled = Ask(subjects, tokens: 5, nanoUsd: 5);
        await ledger.ReserveAsync(settled, Token);
        await ledger.ReserveAsync(Ask(subjects, tokens: 5, nanoUsd: 5), Token);
        await ledger.SettleAsync(settled, new Settlement(3, 3), Token);
        await ledger.ReserveAsync(Ask(Of("requests", requests: 5)), Token);

        var keys = (string[])(await connection.GetDatabase().ExecuteAsync("KEYS", store.Key("*")))!;
        var forEver = new List<string>();
        foreach (var key in keys)
        {
            var seconds = (long)await connection.GetDatabase().ExecuteAsync("TTL", key);
            forEver.AddRange(seconds < 0 ? [key] : []);
            var most = key.EndsWith("month", StringComparison.Ordinal) ? 80 * 86_400 : 86_400;
            Assert.True(seconds <= most, $"{key}: {seconds} s");
        }

        Assert.Equal(
            [store.Key("limits:leases:total"), store.Key("limits:state:total")], forEver.Order(StringComparer.Ordinal));
        Assert.Contains(store.Key("limits:state:plain"), keys);
    }

    [Theory, EveryStore]
    public async Task Lost_keys_leave_nothing_held_and_nothing_negative(StoreKind kind)
    {
        var clock = new MovableClock();
        await using var store = await servers.OpenAsync(kind, clock);
        await using var connection = await ConnectAsync(kind);
        var ledger = new StoreLimitLedger(store);
        var subject = Of("a", requests: 100, tokens: 1000, concurrent: 10, usd: 1);
        foreach (var lost in (string[])["state", "window", "leases", "expired", "request"])
        {
            for (var i = 0; i < 2; i++)
            {
                var running = Ask(subject, tokens: 10, nanoUsd: 10);
                await ledger.ReserveAsync(running, Token);
                clock.Advance(i == 0 ? 0.2 : 31);
                var name = lost == "request" ? running.Id : "a";
                await connection.GetDatabase().KeyDeleteAsync(store.Key($"limits:{lost}:{name}"));
                await ledger.RenewAsync([running], Token);
                await ledger.SettleAsync(running, new Settlement(5, 5), Token);
                var standing = (await ledger.ReadAsync([subject], Token))[0];
                Assert.True(standing is { Tokens: >= 5, Concurrent: >= 0, SpentNanoUsd: >= 5 });
            }
        }

        clock.Advance(31);
        Assert.True((await ledger.ReadAsync([subject], Token))[0] is { Concurrent: 0, ReservedNanoUsd: 0 });
        clock.Advance(61);
        Assert.True((await ledger.ReadAsync([subject], Token))[0] is { Requests: 0, Tokens: 0 });
    }

    [Fact]
    public async Task Nothing_limited_needs_no_store()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await store.StopAsync(Token);
        var ledger = new StoreLimitLedger(store);

        Assert.True((await ledger.ReserveAsync(Ask([]), Token)).IsAdmitted);
        await ledger.SettleAsync(Ask(Of(requests: 1)), default, Token);
        await ledger.RenewAsync([Ask(Of(requests: 1))], Token);
        Assert.Empty(await ledger.ReadAsync([], Token));
    }

    private async Task<ConnectionMultiplexer> ConnectAsync(StoreKind kind) =>
        await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(kind) + ",allowAdmin=true");
}
