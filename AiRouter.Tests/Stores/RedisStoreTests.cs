using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Stores;

public sealed class RedisStoreTests(StoreServers servers)
{
    private static readonly StoreScript Probe = new("Stores/probe.lua");

    [Theory, EveryStore]
    public async Task Script_runs_with_the_clock_of_the_store(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);

        var now = (long)await store.RunAsync(Probe, [], [], StoreDeadlines.Background, TestContext.Current.CancellationToken);

        Assert.True(store.IsAvailable);
        Assert.InRange(now, DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeMilliseconds(), DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds());
    }

    [Theory, EveryStore]
    public async Task Hung_store_costs_the_first_callers_their_deadline_and_the_others_nothing(StoreKind kind)
    {
        await using var redis = await StoreServers.StartOwnAsync(kind);
        var options = new RedisStoreOptions { ConnectionString = redis.ConnectionString };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(TestContext.Current.CancellationToken);
        redis.Freeze();
        try
        {
            for (var i = 0; i < StoreBreaker.Threshold; i++)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => AskAsync(store));
            }

            Assert.False(store.IsAvailable);
            var next = AskAsync(store);
            Assert.True(next.IsFaulted);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => next);
        }
        finally
        {
            redis.Thaw();
        }

        await Eventually.HoldsAsync(() => store.IsAvailable);
        Assert.True(await AskAsync(store) > 0);
    }

    private static async Task<long> AskAsync(RedisStore store) =>
        (long)await store.RunAsync(Probe, [], [], StoreDeadlines.Request, TestContext.Current.CancellationToken);
}
