using System.Diagnostics;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using StackExchange.Redis;

namespace AiRouter.Tests.Configuration.Stored;

public sealed class StoredConfigurationTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _prefix = Guid.NewGuid().ToString("N");

    [Theory, EveryStore]
    public async Task First_router_seeds_the_store_and_a_change_is_live_everywhere_within_a_second(StoreKind kind)
    {
        await using var first = await StartAsync(kind, StoreHost.Yaml("a"));
        await using var second = await StartAsync(kind, StoreHost.Yaml("other"));
        Assert.Equal(("a", "a"), (first.Serves, second.Serves));

        // A subscription stands a moment after it was asked for.
        await Eventually.HoldsAsync(async () => await SubscribersAsync(kind, first) == 2);
        var outcome = await first.SaveAsync(StoreHost.Yaml("b"));
        await Task.WhenAll(first.ServesAsync("b"), second.ServesAsync("b"));
        Assert.Equal(2, outcome.Version);
        Assert.Equal("version 2 of the store", second.Detail.Reason);

        // Whoever had to wait for a look of its own just had one, and has the next 10 s later at the earliest: a second is the
        // message's doing. One round of several is enough, because a machine may be busy with something else.
        var times = new List<TimeSpan>();
        while (times.Count < 10 && times.All(t => t > TimeSpan.FromSeconds(1)))
        {
            var host = $"c{times.Count}";
            var watch = Stopwatch.StartNew();
            await first.SaveAsync(StoreHost.Yaml(host));
            await Task.WhenAll(first.ServesAsync(host), second.ServesAsync(host));
            times.Add(watch.Elapsed);
        }

        Assert.InRange(times.Min(), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Theory, EveryStore]
    public async Task Of_eight_that_start_at_once_exactly_one_seeds(StoreKind kind)
    {
        var hosts = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => StartAsync(kind, StoreHost.Yaml($"h{i}"))));
        try
        {
            var history = await hosts[0].Configurations.HistoryAsync(Token);
            Assert.Equal((1, "seed"), (Assert.Single(history).Version, history[0].By));
            Assert.Contains("airouter.yaml", history[0].Comment!, StringComparison.Ordinal);
            Assert.Single(hosts.Select(h => h.Serves).Distinct());
            Assert.Single(hosts.SelectMany(h => h.Log), l => l.StartsWith("1015 ", StringComparison.Ordinal));
        }
        finally
        {
            await Task.WhenAll(hosts.Select(h => h.DisposeAsync().AsTask()));
        }
    }

    [Theory, EveryStore]
    public async Task R35_edit_of_a_file_that_was_the_seed_changes_nothing_and_is_told_once(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"));
        await host.SaveAsync(StoreHost.Yaml("b"));
        await host.ServesAsync("b");
        Assert.DoesNotContain(host.Log, IsDrift);

        await File.WriteAllTextAsync(host.File, StoreHost.Yaml("c"), Token);
        await host.SaveAsync(StoreHost.Yaml("d"));
        await host.ServesAsync("d");
        await Eventually.HoldsAsync(() => host.Log.Any(IsDrift));
        await host.SaveAsync(StoreHost.Yaml("e"));
        await host.ServesAsync("e");

        Assert.Contains("AIROUTER_CONFIG_MODE=gitops", Assert.Single(host.Log, IsDrift), StringComparison.Ordinal);
        var folder = await host.StopAsync();
        await using var again = await StartAsync(kind, null, folder);
        Assert.Equal("e", again.Serves);
        await Eventually.HoldsAsync(() => again.Log.Any(IsDrift));

        static bool IsDrift(string line) => line.StartsWith("1017 ", StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Environment_lies_over_the_store_and_is_reported_as_a_lock(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"), null, ("AIROUTER__SERVER__MAXBODYMIB", "7"));
        await host.SaveAsync(StoreHost.Yaml("b", "server: { maxBodyMiB: 5 }"));
        await host.ServesAsync("b");

        Assert.Equal(7, host.Current!.Config.Server.MaxBodyMiB);
        Assert.DoesNotContain("maxBodyMiB", (await host.Configurations.ReadVersionAsync(1, Token))!.Json, StringComparison.Ordinal);
        var expected = new ConfigurationLock("server.maxBodyMiB", "AIROUTER__SERVER__MAXBODYMIB");
        Assert.Equal([expected], host.Live.Locks);
        await Eventually.HoldsAsync(async () => (await host.Replicas.ReadAsync(Token)).Any(r => r.Locks.Contains(expected)));
        Assert.Equal(
            [expected],
            ConfigurationLocks.Of(host.Current.Config, new Dictionary<string, string> { ["AIROUTER__SERVER__MAXBODYMIB"] = "7" }));
    }

    [Theory, EveryStore]
    public async Task Document_that_is_wrong_here_is_refused_told_and_reported_until_it_is_right(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"));
        await host.SaveAsync(StoreHost.Yaml("b").Replace("url:", "apiKey: file:late, url:", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => host.Log.Any(l => l.StartsWith("1006 ", StringComparison.Ordinal)));

        Assert.Equal("a", host.Serves);
        Assert.Contains("there is no file late", Assert.Single(host.Log, l => l.StartsWith("1006 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(host.Health, d => d is { Name: "newest configuration", IsHealthy: false });
        await Eventually.HoldsAsync(async () => (await host.Replicas.ReadAsync(Token)) is [{ Problems: [_], ConfigurationVersion: 1 }]);

        await File.WriteAllTextAsync(Path.Combine(host.Folder.FullName, "late"), "secret", Token);
        await host.ServesAsync("b");
        Assert.Empty(host.Live.Problems);
        await Eventually.HoldsAsync(async () => (await host.Replicas.ReadAsync(Token)) is [{ Problems: [], ConfigurationVersion: 2 }]);

        // R42: what it refers to is looked at as ever.
        await File.WriteAllTextAsync(Path.Combine(host.Folder.FullName, "late"), "second", Token);
        await Eventually.HoldsAsync(() => host.Current!.Backends["b"].Credential.Secret == "second");
    }

    [Theory, EveryStore]
    public async Task Newest_document_that_is_wrong_here_leaves_the_copy_to_be_served_after_a_restart(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"));
        await host.SaveAsync(StoreHost.Yaml("b").Replace("url:", "apiKey: file:late, url:", StringComparison.Ordinal));
        await Eventually.HoldsAsync(() => host.Live.Problems.Count > 0);
        var folder = await host.StopAsync();

        await using var again = await StartAsync(kind, null, folder);

        Assert.Equal("a", again.Serves);
        Assert.NotEmpty(again.Live.Problems);
    }

    [Theory, EveryStore]
    public async Task Router_without_a_file_waits_for_the_first_document(StoreKind kind)
    {
        await using var host = await StartAsync(kind, null);
        Assert.Null(host.Current);
        Assert.Contains(host.Log, l => l.StartsWith("1016 ", StringComparison.Ordinal));
        Assert.False(host.Detail.IsHealthy);

        await Eventually.HoldsAsync(async () => await SubscribersAsync(kind, host) == 1);
        await host.SaveAsync(StoreHost.Yaml("a"));
        await host.ServesAsync("a");
    }

    [Theory, EveryStore]
    public async Task Same_document_under_a_new_version_is_known_by_it(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"));
        var model = host.Current;
        await host.SaveAsync(StoreHost.Yaml("a"));
        await Eventually.HoldsAsync(() => host.Detail.Reason == "version 2 of the store");

        Assert.Same(model, host.Current);
        await Eventually.HoldsAsync(() => File.ReadAllText(host.Snapshot).Contains("\"version\":2", StringComparison.Ordinal));
    }

    private async Task<StoreHost> StartAsync(
        StoreKind kind, string? yaml, DirectoryInfo? folder = null, params (string Name, string Value)[] environment) =>
        await StoreHost.StartAsync(await servers.ConnectionStringAsync(kind), _prefix, yaml, folder, environment: environment);

    private async Task<long> SubscribersAsync(StoreKind kind, StoreHost host)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(kind));
        var answer = (RedisResult[])(await redis.GetDatabase().ExecuteAsync("PUBSUB", "NUMSUB", host.Configurations.ChangedChannel))!;
        return (long)answer[1];
    }
}
