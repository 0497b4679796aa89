using System.Globalization;
using System.Text.Json.Nodes;
using AiRouter.Api.Commands;
using AiRouter.Core.Keys;
using AiRouter.Tests.Configuration.Stored;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;

namespace AiRouter.Tests.Snapshots;

public sealed class KeyCopyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R36_keys_work_from_the_copy_while_it_is_young_and_revoked_ones_never()
    {
        await using var redis = await RedisServer.StartAsync();
        var (folder, good, revoked) = await FillAsync(redis);
        await redis.KillAsync();

        await using (var young = await StoreHost.StartAsync(redis.ConnectionString, "p", null, folder))
        {
            Assert.Equal(KeyStanding.Good, young.Match(good));
            Assert.NotEqual(KeyStanding.Good, young.Match(revoked));
            await young.StopAsync();
        }

        Age(folder, TimeSpan.FromHours(25));
        await using var old = await StoreHost.StartAsync(redis.ConnectionString, "p", null, folder);
        Assert.Equal("a", old.Serves);
        Assert.Equal(KeyStanding.Unverified, old.Match(good));
        Assert.True(old.Latch.AnyKeyHasExisted);
    }

    [Fact]
    public async Task R36_restore_puts_back_what_was_lost_before_somebody_made_new_keys()
    {
        await using var redis = await RedisServer.StartAsync();
        var (folder, good, revoked) = await FillAsync(redis);
        await redis.ExecuteAsync("FLUSHALL");
        await using (var router = await StoreHost.StartAsync(redis.ConnectionString, "p", null, folder))
        {
            var (made, secret) = TestKeys.Make("made-after-the-loss");
            await router.KeyStore.CreateAsync(made, Token);
            await Eventually.HoldsAsync(() => router.Match(secret) == KeyStanding.Good);
            // The router tells the store again what it has forgotten, after it has learnt the new key.
            await Eventually.HoldsAsync(async () => (await router.KeyStore.ReadAsync(null, Token)).Revoked.Count > 0);
            await router.StopAsync();
        }

        using var output = new StringWriter();
        Assert.Equal(0, await RestoreAsync(redis, folder, output));

        Assert.EndsWith("Keys: 1 of 2 put back, 0 revocations too.", output.ToString().TrimEnd(), StringComparison.Ordinal);
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", null, keepsData: false);
        Assert.Equal(KeyStanding.Good, host.Match(good));
        Assert.NotEqual(KeyStanding.Good, host.Match(revoked));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task R36_restore_puts_keys_back_under_their_ids_and_leaves_revoked_ones_dead()
    {
        await using var redis = await RedisServer.StartAsync();
        var (folder, good, revoked) = await FillAsync(redis);
        await redis.ExecuteAsync("FLUSHALL");
        using var output = new StringWriter();

        var code = await RestoreAsync(redis, folder, output);

        Assert.Equal(0, code);
        Assert.Contains("Keys: 1 of 1 put back, 1 revocations too.", output.ToString(), StringComparison.Ordinal);
        await using var host = await StoreHost.StartAsync(redis.ConnectionString, "p", null, keepsData: false);
        Assert.Equal("a", host.Serves);
        Assert.Equal(KeyStanding.Good, host.Match(good));
        Assert.NotEqual(KeyStanding.Good, host.Match(revoked));
        folder.Delete(recursive: true);
    }

    // A store with a configuration, a key and a revoked one, and the copy of a router that has stopped.
    private static async Task<(DirectoryInfo Folder, string Good, string Revoked)> FillAsync(StoreServer server)
    {
        await using var host = await StoreHost.StartAsync(server.ConnectionString, "p", StoreHost.Yaml("a"));
        var (good, goodSecret) = TestKeys.Make("good");
        var (revoked, revokedSecret) = TestKeys.Make("revoked");
        await host.KeyStore.CreateAsync(good, Token);
        await host.KeyStore.CreateAsync(revoked, Token);
        await host.KeyStore.RevokeAsync(revoked.Id, new Change(DateTimeOffset.UtcNow, "ann"), Token);
        await Eventually.HoldsAsync(() => host.Match(goodSecret) == KeyStanding.Good && host.Match(revokedSecret) != KeyStanding.Good);
        return (await host.StopAsync(), goodSecret, revokedSecret);
    }

    private static Task<int> RestoreAsync(RedisServer redis, DirectoryInfo folder, TextWriter output) =>
        CommandTable.RunAsync(["restore"], new CommandContext
        {
            Options = new Dictionary<string, string>(),
            Environment = new Dictionary<string, string>
            {
                ["ConnectionStrings__redis"] = redis.ConnectionString,
                ["AIROUTER_STORE_PREFIX"] = "p",
                ["AIROUTER_DATA"] = Path.Combine(folder.FullName, "data"),
            },
            Input = TextReader.Null,
            Output = output,
            Error = output,
        });

    private static void Age(DirectoryInfo folder, TimeSpan age)
    {
        var file = Path.Combine(folder.FullName, "data", "snapshot.json");
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        json["keys"]!["confirmed"] = DateTimeOffset.UtcNow.Subtract(age).ToString("O", CultureInfo.InvariantCulture);
        File.WriteAllText(file, json.ToJsonString());
    }
}
