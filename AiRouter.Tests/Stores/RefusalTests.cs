using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Stores;

/// <summary>A store that refuses says why, in the log and to operators, in one sentence without its password.</summary>
public sealed class RefusalTests
{
    private const string Password = "it refuses the password or the user, or misses one (WRONGPASS, NOAUTH)";
    private const string WrongPassword = "wrong-s3cret";

    private static readonly StoreScript Probe = new("Stores/probe.lua");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Wrong_password_is_said(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);

        await AssertAwayAsync($"127.0.0.1:{server.Port},password={WrongPassword}", Password);
    }

    [Theory, EveryStore]
    public async Task Missing_password_is_said(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);

        await AssertAwayAsync($"127.0.0.1:{server.Port}", Password);
    }

    [Fact]
    public async Task User_who_may_not_run_scripts_is_said()
    {
        await using var server = await RedisServer.StartAsync("--user", "weak", "on", $">{WrongPassword}", "~*", "&*", "+@all", "-@scripting");

        await AssertAwayAsync(
            $"127.0.0.1:{server.Port},user=weak,password={WrongPassword}",
            "its user may not do what AiRouter needs (NOPERM): run scripts (eval, evalsha, script load) with their commands on our keys");
    }

    [Fact]
    public async Task Full_store_is_said_and_used_again_when_there_is_room()
    {
        await using var server = await RedisServer.StartAsync("--maxmemory", "1", "--maxmemory-policy", "noeviction");

        await using var store = await AssertAwayAsync(
            server.ConnectionString, "its memory is full (OOM: above maxmemory, and nothing may be evicted)");

        await server.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await Eventually.HoldsAsync(() => store.IsAvailable);
    }

    [Fact]
    public async Task Store_that_cannot_save_is_said()
    {
        await using var server = await RedisServer.StartAsync("--save", "3600 1", "--dbfilename", "dump.rdb");
        await server.ExecuteAsync("SET", "x", "1");
        Directory.CreateDirectory(Path.Combine(server.Folder, "dump.rdb"));
        await server.ExecuteAsync("BGSAVE");
        await Eventually.HoldsAsync(async () =>
            ((string?)await server.ExecuteAsync("INFO", "persistence"))!.Contains("rdb_last_bgsave_status:err", StringComparison.Ordinal));

        await AssertAwayAsync(
            server.ConnectionString, "it refuses changes because it cannot save them to its disk (MISCONF)");
    }

    [Fact]
    public async Task Replica_is_said()
    {
        await using var primary = await RedisServer.StartAsync();
        await using var replica = await RedisServer.StartAsync(
            "--replicaof", "127.0.0.1", $"{primary.Port}", "--masterauth", StoreServer.Password);

        await AssertAwayAsync(replica.ConnectionString, "it is a replica and takes no changes (READONLY)");
    }

    [Theory]
    [InlineData("--maxmemory-policy allkeys-lru --maxmemory 100mb --appendonly yes",
        "Warning: The store may drop budgets and keys when its memory is full: maxmemory-policy is allkeys-lru, and should be noeviction")]
    [InlineData("--appendonly no",
        "Warning: The store keeps nothing on disk: a restart of it resets budgets and loses keys; appendonly should be yes")]
    [InlineData("--appendonly no --save 3600:1",
        "Warning: The store saves snapshots only: a crash of it loses what was counted since the last one; appendonly should be yes")]
    [InlineData("--appendonly yes", null)]
    public async Task Store_that_does_not_keep_what_it_is_told_is_warned_of_once(string settings, string? warning)
    {
        await using var server = await RedisServer.StartAsync([.. settings.Split(' ').Select(static word => word.Replace(':', ' '))]);
        var log = new LogLines<RedisStore>();
        await using (var store = new RedisStore(
            new RedisStoreOptions { ConnectionString = server.ConnectionString }, TimeProvider.System, log))
        {
            await store.StartAsync(Stop);
            Assert.True(store.IsAvailable, store.Problem);
            await store.Checked;
        }

        Assert.Equal(warning is null ? [] : [warning], log.All.Where(static line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    private static async Task<RedisStore> AssertAwayAsync(string connectionString, string problem)
    {
        var log = new LogLines<RedisStore>();
        var store = new RedisStore(new RedisStoreOptions { ConnectionString = connectionString }, TimeProvider.System, log);
        await store.StartAsync(Stop);
        Assert.False(store.IsAvailable);

        // The client library may know only with its second try why there is no connection.
        await Eventually.HoldsAsync(() => store.Problem == problem);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(
            () => store.RunAsync(Probe, [store.Key("probe")], [], StoreDeadlines.Request, Stop).AsTask());
        Assert.Equal($"The store is away: {problem}.", refusal.Message);
        var said = $"Warning: The store is away ({problem}): what was read last goes on being served";
        await Eventually.HoldsAsync(() => log.All.Contains(said));
        Assert.InRange(log.All.Count, 1, 2);
        Assert.DoesNotContain(log.All, static line => line.Contains(WrongPassword, StringComparison.Ordinal));
        Assert.DoesNotContain(WrongPassword, refusal.ToString(), StringComparison.Ordinal);
        return store;
    }
}
