using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using StackExchange.Redis;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>Requests that run for longer than what nobody asks about is kept.</summary>
public sealed class LeaseLifeTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Renewals_keep_the_leases_of_a_subject_that_nobody_else_asks_about(StoreKind kind)
    {
        var clock = new MovableClock();
        await using var store = await servers.OpenAsync(kind, clock);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(kind));
        var ledger = new StoreLimitLedger(store);
        var running = Ask(Of("a", concurrent: 5));
        Assert.True((await ledger.ReserveAsync(running, Token)).IsAdmitted);
        var leases = store.Key("limits:leases:a");
        Assert.True(await connection.GetDatabase().KeyExpireAsync(leases, TimeSpan.FromSeconds(60)));

        for (var i = 0; i < 7; i++)
        {
            clock.Advance(10);
            await ledger.RenewAsync([running], Token);
        }

        Assert.True(await connection.GetDatabase().KeyTimeToLiveAsync(leases) > TimeSpan.FromSeconds(250));
    }
}
