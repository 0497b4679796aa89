using System.Diagnostics;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Configuration.Stored;

/// <summary>What routers do while their store is down or hangs, and when it is back.</summary>
public sealed class StoreAwayTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R36_start_without_the_store_serves_the_copy_and_catches_up()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        DirectoryInfo folder;
        await using (var before = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a")))
        {
            await before.SaveAsync(StoreHost.Yaml("b"));
            await before.ServesAsync("b");
            folder = await before.StopAsync();
        }

        await redis.KillAsync();
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", null, folder);

        Assert.Equal("b", host.Serves);
        Assert.Single(host.Log, l => l.StartsWith("1011 ", StringComparison.Ordinal));
        Assert.StartsWith("version 2 of the router's own copy of ", host.Detail.Reason!, StringComparison.Ordinal);
        Assert.False(host.Detail.IsHealthy);
        Assert.Contains(host.Health, d => d is { Name: "store", IsHealthy: false });
        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(() => host.Detail.IsHealthy);
        await Eventually.HoldsAsync(() => host.Log.Count(l => l.StartsWith("1012 ", StringComparison.Ordinal)) == 1);
        await host.SaveAsync(StoreHost.Yaml("c"));
        await host.ServesAsync("c");
    }

    [Fact]
    public async Task R1_neither_store_nor_copy_is_no_configuration_and_no_open_router()
    {
        await using var redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"), keepsData: false);

        Assert.Null(host.Current);
        Assert.True(host.Latch.AnyKeyHasExisted);
        Assert.Equal("the store is away, and there is no copy", host.Detail.Reason);
        Assert.Single(host.Log, l => l.StartsWith("1031 ", StringComparison.Ordinal));

        await redis.StartAgainAsync();
        await host.ServesAsync("a");
        await Eventually.HoldsAsync(() => !host.Latch.AnyKeyHasExisted);
    }

    [Fact]
    public async Task Killed_store_is_followed_again_after_its_restart()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        await redis.KillAsync();
        await Eventually.HoldsAsync(() => !host.Store.IsAvailable);
        Assert.Equal("a", host.Serves);
        Assert.Equal(1, host.Replicas.LiveRouters);

        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(() => host.Store.IsAvailable);
        await host.SaveAsync(StoreHost.Yaml("b"));
        await host.ServesAsync("b");
        Assert.DoesNotContain(host.Log, l => l.StartsWith("1013 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Frozen_store_changes_nothing_and_what_was_saved_before_is_caught_up()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        redis.Freeze();
        try
        {
            await Eventually.HoldsAsync(() => !host.Store.IsAvailable);
            Assert.Equal("a", host.Serves);
        }
        finally
        {
            redis.Thaw();
        }

        await Eventually.HoldsAsync(() => host.Store.IsAvailable);
        await host.SaveAsync(StoreHost.Yaml("b"));
        await host.ServesAsync("b");
    }

    [Fact]
    public async Task Store_that_hangs_holds_a_start_up_for_seconds_only()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var before = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        var folder = await before.StopAsync();
        redis.Freeze();
        try
        {
            var watch = Stopwatch.StartNew();
            await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", null, folder);
            TestContext.Current.TestOutputHelper!.WriteLine($"started in {watch.Elapsed.TotalSeconds:F1} s");

            Assert.Equal("a", host.Serves);
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        }
        finally
        {
            redis.Thaw();
        }
    }

    [Fact]
    public async Task R36_copy_is_nobody_elses_business()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using var redis = await RedisServer.StartAsync();
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"));
        await Eventually.HoldsAsync(() => File.Exists(host.Snapshot));

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(host.Snapshot));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(host.Snapshot)!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"configuration\":{}}")]
    [InlineData("{\"configuration\":7}")]
    [InlineData("{\"keys\":{\"snapshot\":{}}}")]
    public async Task Broken_copy_counts_as_none(string content)
    {
        var folder = Directory.CreateTempSubdirectory("airouter-stored-");
        Directory.CreateDirectory(Path.Combine(folder.FullName, "data"));
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "data", "snapshot.json"), content, Token);
        await using var redis = await RedisServer.StartAsync();
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", StoreHost.Yaml("a"), folder);

        Assert.Equal("a", host.Serves);
        Assert.Single(host.Log, l => l.StartsWith("1033 ", StringComparison.Ordinal));
    }
}
