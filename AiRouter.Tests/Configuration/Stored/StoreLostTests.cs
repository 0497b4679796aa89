using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Configuration.Stored;

/// <summary>What routers do when their store was emptied (R36).</summary>
public sealed class StoreLostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task R36_flushed_store_is_a_fault_that_no_file_mends_and_an_operator_can(StoreKind kind)
    {
        await using var redis = await StoreServers.StartOwnAsync(kind);
        await using var first = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        await using var second = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        await first.SaveAsync(StoreHost.Yaml("b"));
        await Task.WhenAll(first.ServesAsync("b"), second.ServesAsync("b"));
        await Eventually.HoldsAsync(async () => (await first.Configurations.ReadStateAsync(null, Token)).HighestServed == 2);

        await redis.ExecuteAsync("FLUSHALL");
        await Eventually.HoldsAsync(async () => (await first.Configurations.ReadStateAsync(null, Token)).IsLost);
        await using var third = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("seed"), keepsData: false);
        await redis.ExecuteAsync("PUBLISH", first.Configurations.ChangedChannel, "0"); // They would look within 10 s anyway.
        await Task.WhenAll(IsLostAsync(first), IsLostAsync(second), IsLostAsync(third));

        Assert.Equal(("b", "b", null), (first.Serves, second.Serves, third.Serves));
        Assert.Equal(0, await first.Configurations.ReadVersionAsync(Token));
        await Eventually.HoldsAsync(() => first.Log.Count(l => l.StartsWith("1013 ", StringComparison.Ordinal)) == 1);
        Assert.Equal("the store has lost version 2, which goes on being served (see airouter restore)", second.Detail.Reason);

        Assert.Equal(3, (await second.SaveAsync(StoreHost.Yaml("c"))).Version);
        await Task.WhenAll(first.ServesAsync("c"), second.ServesAsync("c"), third.ServesAsync("c"));
        Assert.All([first, second, third], h => Assert.True(h.Detail.IsHealthy));
        await Eventually.HoldsAsync(() => first.Log.Count(l => l.StartsWith("1014 ", StringComparison.Ordinal)) == 1);

        static Task IsLostAsync(StoreHost host) => Eventually.HoldsAsync(() => host.Detail is { IsHealthy: false } detail &&
            detail.Reason!.Contains("lost", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R36_router_that_was_away_while_the_store_was_emptied_seeds_nothing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var before = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        var folder = await before.StopAsync();
        await redis.ExecuteAsync("FLUSHALL");

        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("new"), folder);

        Assert.Equal("a", host.Serves);
        Assert.Equal(0, await host.Configurations.ReadVersionAsync(Token));
        Assert.Single(host.Log, l => l.StartsWith("1013 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R1_key_that_a_document_declares_closes_every_router_even_after_the_store_was_emptied()
    {
        const string Keys = "keys: [ { name: k, hash: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef' } ]";
        await using var redis = await RedisServer.StartAsync();
        await using var first = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"), keepsData: false);
        Assert.False(first.Latch.AnyKeyHasExisted);

        await first.SaveAsync(StoreHost.Yaml("b", Keys));
        await first.ServesAsync("b");
        await first.SaveAsync(StoreHost.Yaml("c"));
        await first.ServesAsync("c");
        Assert.True(first.Latch.AnyKeyHasExisted);
        await using (var second = await StoreHost.StartAsync(redis.ConnectionString, "p", null, keepsData: false))
        {
            Assert.Equal(("c", true), (second.Serves, second.Latch.AnyKeyHasExisted));
        }

        await redis.ExecuteAsync("FLUSHALL");
        await first.SaveAsync(StoreHost.Yaml("d"));
        await first.ServesAsync("d");
        await Eventually.HoldsAsync(async () => (int)await redis.ExecuteAsync("EXISTS", "{p}:keys:existed") == 1);
        await using var third = await StoreHost.StartAsync(redis.ConnectionString, "p", null, keepsData: false);
        Assert.True(third.Latch.AnyKeyHasExisted);
    }
}
