using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Configuration.Stored;

public sealed class RulingFileTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly string _prefix = Guid.NewGuid().ToString("N");

    [Theory, EveryStore]
    public async Task R35_file_that_rules_is_the_stores_document_and_nobody_else_changes_it(StoreKind kind)
    {
        await using var host = await StartAsync(kind, StoreHost.Yaml("a"));
        await StoreHasAsync(host, "a");
        Assert.Equal("gitops", (await host.Configurations.ReadAsync(Token))!.By);

        var refused = await host.SaveAsync(StoreHost.Yaml("b"));
        Assert.Equal((SaveResult.Ruled, host.File), (refused.Result, refused.Ruler!.File));

        await File.WriteAllTextAsync(host.File, StoreHost.Yaml("c"), Token);
        await host.ServesAsync("c");
        await StoreHasAsync(host, "c");
        await Eventually.HoldsAsync(() => host.Detail.IsHealthy);
    }

    [Theory, EveryStore]
    public async Task R35_what_somebody_else_wrote_before_is_replaced_and_told_once(StoreKind kind)
    {
        await using (var before = await StartAsync(kind, StoreHost.Yaml("a"), ConfigurationMode.Seed))
        {
            await before.SaveAsync(StoreHost.Yaml("b"));
        }

        await using var host = await StartAsync(kind, StoreHost.Yaml("c"));
        await StoreHasAsync(host, "c");

        Assert.Equal("c", host.Serves);
        Assert.Contains("by ann", Assert.Single(host.Log, l => l.StartsWith("1024 ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(["gitops", "ann", "seed"], (await host.Configurations.HistoryAsync(Token)).Select(c => c.By));
    }

    [Theory, EveryStore]
    public async Task Files_that_differ_do_not_overwrite_each_other_without_an_end(StoreKind kind)
    {
        await using var first = await StartAsync(kind, StoreHost.Yaml("a"));
        await StoreHasAsync(first, "a");
        await using var second = await StartAsync(kind, StoreHost.Yaml("b"));
        await File.WriteAllTextAsync(first.File, StoreHost.Yaml("c"), Token);
        await StoreHasAsync(first, "c");

        Assert.Equal("b", second.Serves);
        Assert.Equal(2, (await first.Configurations.HistoryAsync(Token)).Count);
    }

    [Theory, EveryStore]
    public async Task Bad_file_at_start_leaves_the_stores_document_to_be_served(StoreKind kind)
    {
        await using var before = await StartAsync(kind, StoreHost.Yaml("a"));
        await StoreHasAsync(before, "a");
        var folder = await before.StopAsync();

        await using var host = await StartAsync(kind, "models: { m: { wrong: 1 } }", folder: folder);

        Assert.Equal("a", host.Serves);
        Assert.False(host.Detail.IsHealthy);
        Assert.NotEmpty(host.Live.Problems);
        await File.WriteAllTextAsync(host.File, StoreHost.Yaml("b"), Token);
        await host.ServesAsync("b");
        await Eventually.HoldsAsync(() => host.Detail.IsHealthy);
    }

    [Theory, EveryStore]
    public async Task R35_file_that_says_read_only_rules_too(StoreKind kind)
    {
        await using var host = await StartAsync(
            kind, StoreHost.Yaml("a", "store: { mode: readOnly }"), ConfigurationMode.Seed);

        await StoreHasAsync(host, "a");
        Assert.Equal(SaveResult.Ruled, (await host.SaveAsync(StoreHost.Yaml("b"))).Result);
    }

    [Fact]
    public async Task Emptied_store_gets_the_ruling_file_back()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StoreHost.StartAsync(
            redis.ConnectionString, "p", StoreHost.Yaml("a"), mode: ConfigurationMode.GitOps);
        await StoreHasAsync(host, "a");
        await redis.ExecuteAsync("FLUSHALL");
        await File.WriteAllTextAsync(host.File, StoreHost.Yaml("b"), Token);
        await StoreHasAsync(host, "b");

        Assert.Equal(2, await host.Configurations.ReadVersionAsync(Token));
    }

    private async Task<StoreHost> StartAsync(
        StoreKind kind, string? yaml, ConfigurationMode mode = ConfigurationMode.GitOps, DirectoryInfo? folder = null) =>
        await StoreHost.StartAsync(await servers.ConnectionStringAsync(kind), _prefix, yaml, folder, mode: mode);

    private static Task StoreHasAsync(StoreHost host, string name) => Eventually.HoldsAsync(async () =>
        (await host.Configurations.ReadAsync(Token))?.Json.Contains($"http://{name}", StringComparison.Ordinal) is true);
}
