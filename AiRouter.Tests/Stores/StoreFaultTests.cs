using System.Collections.Concurrent;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace AiRouter.Tests.Stores;

/// <summary>A store that dies, hangs, is slow or is not there yet (R41).</summary>
public sealed class StoreFaultTests
{
    private static readonly StoreScript Probe = new("Stores/probe.lua");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Killed_store_is_used_again_after_its_restart_and_listened_to(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        await using var store = await OpenAsync(server);
        var received = new ConcurrentQueue<string>();
        using var subscription = store.Subscribe("news", message => received.Enqueue(message.ToString()));
        await TellUntilHeardAsync(store, received, "before");

        await server.KillAsync();
        await Eventually.HoldsAsync(() => !store.IsAvailable);
        await server.StartAgainAsync();

        await Eventually.HoldsAsync(() => store.IsAvailable);
        Assert.True(await AskAsync(store, StoreDeadlines.Background) > 0);
        await TellUntilHeardAsync(store, received, "after");
    }

    [Theory, EveryStore]
    public async Task Store_that_is_not_there_at_the_start_is_used_once_it_comes(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        await server.KillAsync();
        var log = new LogLines<RedisStore>();
        await using var store = new RedisStore(Options(server), TimeProvider.System, log);
        await store.StartAsync(Stop);

        Assert.False(store.IsAvailable);
        Assert.Equal("Warning: The store is away (no connection): what was read last goes on being served", Assert.Single(log.All));

        var received = new ConcurrentQueue<string>();
        using var subscription = store.Subscribe("news", message => received.Enqueue(message.ToString()));
        await server.StartAgainAsync();
        await Eventually.HoldsAsync(() => store.IsAvailable);
        await TellUntilHeardAsync(store, received, "at last");
        await Eventually.HoldsAsync(() => log.All.Contains("Information: The store answers"));
    }

    [Theory, EveryStore]
    public async Task Hung_store_does_not_hold_up_the_start(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        server.Freeze();
        try
        {
            await using var store = new RedisStore(Options(server), TimeProvider.System, NullLogger<RedisStore>.Instance);

            // It promises about 3 s; a store that stays hung would be waited for without an end.
            await store.StartAsync(Stop).WaitAsync(Eventually.Deadline, Stop);
            Assert.False(store.IsAvailable);
        }
        finally
        {
            server.Thaw();
        }
    }

    [Theory, EveryStore]
    public async Task Hung_store_costs_the_first_callers_their_deadline_and_the_others_nothing(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        await using var store = await OpenAsync(server);
        server.Freeze();
        try
        {
            // Patient callers who came before do not wait for their own, longer deadlines.
            var patient = Enumerable.Range(0, 20).Select(_ => AskAsync(store, TimeSpan.FromMinutes(5))).ToList();
            for (var i = 0; i < StoreBreaker.Threshold && store.IsAvailable; i++)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => AskAsync(store, StoreDeadlines.Request));
            }

            Assert.False(store.IsAvailable);
            foreach (var caller in patient)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => caller.WaitAsync(TimeSpan.FromSeconds(10), Stop));
            }

            var next = AskAsync(store, StoreDeadlines.Request);
            Assert.True(next.IsFaulted);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => next);
        }
        finally
        {
            server.Thaw();
        }

        await Eventually.HoldsAsync(() => store.IsAvailable);
        Assert.True(await AskAsync(store, StoreDeadlines.Background) > 0);
    }

    [Fact]
    public async Task One_slow_command_does_not_close_the_store()
    {
        await using var server = await RedisServer.StartAsync("--enable-debug-command", "yes");
        await using var store = await OpenAsync(server);
        var isAway = false;
        using var watch = store.OnAvailabilityChange(isAvailable => isAway |= !isAvailable);

        var slow = server.ExecuteAsync("DEBUG", "SLEEP", "0.6");
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await AskAsync(store, TimeSpan.FromMilliseconds(20));
                return false;
            }
            catch (StoreUnavailableException)
            {
                return true;
            }
        });
        await slow;

        Assert.True(await AskAsync(store, StoreDeadlines.Background) > 0);
        Assert.False(isAway);
    }

    [Theory, EveryStore]
    public async Task Script_that_arrives_after_its_deadline_changes_nothing(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        await using var store = await OpenAsync(server);
        server.Freeze();
        try
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => LeaveAMarkAsync(store));

            // Clocks are compared by answers that take a while on a busy machine.
            await Task.Delay(300, Stop);
        }
        finally
        {
            server.Thaw();
        }

        await AssertNoMarkAsync(store);
    }

    [Fact]
    public async Task Script_in_a_paused_Redis_changes_nothing_after_its_deadline()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await OpenAsync(server);
        await using var operatorConnection = await ConnectionMultiplexer.ConnectAsync(server.ConnectionString + ",allowAdmin=true");
        await operatorConnection.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "900", "ALL");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => LeaveAMarkAsync(store));

        await AssertNoMarkAsync(store);
    }

    [Theory, EveryStore]
    public async Task Flushed_scripts_are_sent_again(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        await using var store = await OpenAsync(server);
        await AskAsync(store, StoreDeadlines.Background);

        await server.ExecuteAsync("SCRIPT", "FLUSH");
        await server.ExecuteAsync("FLUSHALL");

        Assert.True(await AskAsync(store, StoreDeadlines.Background) > 0);
        Assert.True(store.IsAvailable);
    }

    [Fact]
    public async Task Caller_who_gives_up_is_told_so()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await OpenAsync(server);
        server.Freeze();
        try
        {
            using var gone = new CancellationTokenSource();
            var asked = store.RunAsync(Probe, [store.Key("probe")], [], StoreDeadlines.Background, gone.Token).AsTask();
            await gone.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        finally
        {
            server.Thaw();
        }
    }

    private static RedisStoreOptions Options(StoreServer server) => new() { ConnectionString = server.ConnectionString };

    private static async Task<RedisStore> OpenAsync(StoreServer server)
    {
        var store = new RedisStore(Options(server), TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(Stop);
        Assert.True(store.IsAvailable, store.Problem);
        return store;
    }

    private static async Task<long> AskAsync(RedisStore store, TimeSpan deadline) =>
        (long)await store.RunAsync(Probe, [store.Key("probe")], [], deadline, Stop);

    private static async Task TellUntilHeardAsync(RedisStore store, ConcurrentQueue<string> received, string news) =>
        await Eventually.HoldsAsync(async () =>
        {
            await store.PublishAsync("news", news, StoreDeadlines.Background, Stop);
            return received.Contains(news);
        });

    // The script of the probe writes its key.
    private static async Task LeaveAMarkAsync(RedisStore store) =>
        await store.RunAsync(Probe, [store.Key("mark")], [], StoreDeadlines.Request, Stop);

    private static async Task AssertNoMarkAsync(RedisStore store)
    {
        // Over the same connection, so that it is answered after the script.
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                Assert.True((await store.GetAsync(store.Key("mark"), StoreDeadlines.Background, Stop)).IsNull);
                return true;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        });
    }
}
