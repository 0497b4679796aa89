using System.Diagnostics.Metrics;
using AiRouter.Api.Objects;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Objects;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.Tests.Authentication;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Keys;
using AiRouter.Tests.Metering;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace AiRouter.Tests.Stores;

/// <summary>What runs behind the requests goes on after failures that nobody expects: one that ended would never be missed.</summary>
public sealed class BackgroundLoopTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Failures that are neither a store that is away nor the end of the process.</summary>
    public static TheoryData<string> Faults => ["bug", "cancelled", "refused"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Usage_goes_on_being_written(string fault)
    {
        await using var redis = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(redis);
        using var replica = new MeteredReplica(store);
        var now = DateTimeOffset.UtcNow;
        replica.Meter.Record(Records.At(now));

        store.Fault = Make(fault);
        Assert.False(await replica.WriteAsync());
        store.Fault = null;

        Assert.True(await replica.WriteAsync());
        Assert.Single(await replica.ReadAsync(now));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Replica_goes_on_reporting(string fault)
    {
        await using var redis = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(redis) { Fault = Make(fault) };
        var directory = new ReplicaDirectory(store);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        using var reporter = new ReplicaReporter(
            directory, new ReplicaIdentity("7", "h", time.GetUtcNow()), [], time, NullLogger<ReplicaReporter>.Instance, "api");

        await reporter.StartAsync(Token);
        store.Fault = null;
        time.Advance(ReplicaReporter.Interval);

        await Eventually.HoldsAsync(async () => (await directory.ReadAsync(Token)).Count == 1);
        await reporter.StopAsync(Token);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Store_goes_on_being_compared_with(string fault)
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var signal = new StoreSyncSignal(TimeProvider.System);
        var part = new Part { Fault = Make(fault) };
        using var loop = new StoreSyncLoop(
            store, new ConfigurationStore(store), signal, [part], NullLogger<StoreSyncLoop>.Instance);
        await loop.StartAsync(Token);
        signal.Set();
        await Eventually.HoldsAsync(() => part.Asked >= 2);

        part.Fault = null;
        signal.Set();

        await Eventually.HoldsAsync(() => part.Done > 0);
        await loop.StopAsync(Token);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Owners_of_objects_go_on_being_told(string fault)
    {
        await using var redis = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(redis) { Fault = Make(fault) };
        await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var queue = new ObjectQueue(
            new RouterMetrics(services.GetRequiredService<IMeterFactory>()), TimeProvider.System, NullLogger<ObjectQueue>.Instance, store);
        var made = new OwnedObject("key_a", "b", null);
        await queue.StartAsync(Token);

        queue.Add("first", made);
        await Eventually.HoldsAsync(() => store.Faults > 0);
        store.Fault = null;
        queue.Add("second", made);

        await Eventually.HoldsAsync(async () => (await new ObjectStore(redis).FindAsync(["second"], Token))[0] == made);
        await queue.StopAsync(Token);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task R36_keys_of_a_store_that_answers_nonsense_too_long_stop_and_come_back_with_it(string fault)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StoreKeyRouter.StartAsync(
            store, upstream, config: c => c with { Store = new StoreConfig { MaxStaleHours = 2 } });
        var (record, secret) = TestKeys.Make("a");
        await StoreKeyRouter.Operator(store).CreateAsync(record, Token);
        await router.GetsAsync(secret, 200);

        router.Store.Fault = Make(fault);
        router.Clock.Advance(TimeSpan.FromHours(2.1));
        await router.GetsAsync(secret, 401);

        router.Store.Fault = null;
        router.Clock.Advance(TimeSpan.FromSeconds(10));
        await router.GetsAsync(secret, 200);
    }

    [Fact]
    public async Task Copy_on_disk_goes_on_being_written()
    {
        var folder = Directory.CreateTempSubdirectory("airouter-loops-");
        var source = new RouterConfigurationSource { DataFolder = folder.FullName };
        using var snapshot = new StoreSnapshot(source, TimeProvider.System, NullLogger<StoreSnapshot>.Instance);
        await snapshot.StartAsync(Token);

        snapshot.Keep(new StoredConfiguration(1, "{ no JSON", DateTimeOffset.UtcNow, "ann"));
        var file = Path.Combine(folder.FullName, StoreSnapshot.FileName);
        await Eventually.HoldsAsync(() => File.Exists(file + ".new"));
        snapshot.Keep(new StoredConfiguration(2, "{}", DateTimeOffset.UtcNow, "ann"));

        await Eventually.HoldsAsync(() => File.Exists(file));
        await snapshot.StopAsync(Token);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void What_has_secrets_in_it_does_not_show_them()
    {
        var store = new RedisStoreOptions { ConnectionString = "localhost,password=hunter2" };

        Assert.DoesNotContain("hunter2", $"{store}", StringComparison.Ordinal);
    }

    private static Exception Make(string fault) => fault switch
    {
        "bug" => new InvalidCastException("an answer of another type"),
        "cancelled" => new TaskCanceledException("somebody else's"),
        _ => new RedisException("WRONGTYPE somebody else's key"),
    };

    private sealed class Part : IStoreSync
    {
        public Exception? Fault { get; set; }

        public int Asked { get; private set; }

        public int Done { get; private set; }

        public ValueTask SyncAsync(CancellationToken cancellationToken)
        {
            Asked++;
            if (Fault is { } fault)
            {
                throw fault;
            }

            Done++;
            return ValueTask.CompletedTask;
        }
    }
}
