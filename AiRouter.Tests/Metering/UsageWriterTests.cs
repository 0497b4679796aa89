using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace AiRouter.Tests.Metering;

public sealed class UsageWriterTests(StoreServers servers)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    public static TheoryData<StoreKind> Kinds => [.. Enum.GetValues<StoreKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Two_replicas_add_up(StoreKind kind)
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(kind, clock);
        using var one = new MeteredReplica(store, clock);
        using var two = new MeteredReplica(store, clock);

        for (var i = 0; i < 3; i++)
        {
            one.Meter.Record(Records.At(Noon));
            two.Meter.Record(Records.At(Noon, key: "key_b"));
            two.Meter.Record(Records.At(Noon) with { Status = 429, Error = "RateLimited" });
            await one.WriteAsync();
            await two.WriteAsync();
        }

        var rows = await one.ReadAsync(Noon, UsageDimension.Key);
        Assert.Equal(["key_a", "key_b"], rows.Select(r => r.KeyId));
        Assert.Equal(["name of key_a", "name of key_b"], rows.Select(r => r.KeyName));
        Assert.Equal([3, 3], rows.Select(r => r.Requests[UsageOutcomes.Ok]));
        Assert.Equal([3, 0], rows.Select(r => r.Requests[UsageOutcomes.Limited]));
        Assert.Equal([60, 30], rows.Select(r => r.InputTokens));
        Assert.Equal([9_000, 4_500], rows.Select(r => r.NanoUsd));
        Assert.Equal(0, one.Meter.Waiting + two.Meter.Waiting);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Batch_that_is_sent_again_is_added_once(StoreKind kind)
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(kind, clock);
        var unsure = new LostAnswers(store) { Lose = true };
        using var replica = new MeteredReplica(unsure, clock);

        replica.Meter.Record(Records.At(Noon));
        Assert.False(await replica.WriteAsync());
        replica.Meter.Record(Records.At(Noon));
        Assert.False(await replica.WriteAsync());
        Assert.Equal(2, replica.Meter.Waiting);
        unsure.Lose = false;
        Assert.True(await replica.WriteAsync());

        Assert.Equal(2, Assert.Single(await replica.ReadAsync(Noon)).Requests[UsageOutcomes.Ok]);
        Assert.Equal(0, replica.Meter.Waiting);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Store_that_hangs_takes_a_batch_once(StoreKind kind)
    {
        await using var server = await StoreServers.StartOwnAsync(kind);
        var options = new RedisStoreOptions { ConnectionString = server.ConnectionString };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(TestContext.Current.CancellationToken);
        using var replica = new MeteredReplica(store);
        var at = TimeProvider.System.GetUtcNow();

        for (var i = 0; i < 3; i++)
        {
            server.Freeze();
            replica.Meter.Record(Records.At(at));
            using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(100)))
            {
                await Assert.ThrowsAnyAsync<OperationCanceledException>(
                    async () => await replica.Writer.WriteAsync(impatient.Token));
            }

            // It goes on with what was sent to it, and answers nobody.
            server.Thaw();
            await Eventually.HoldsAsync(replica.WriteAsync);
        }

        Assert.Equal(3, Assert.Single(await replica.ReadAsync(at)).Requests[UsageOutcomes.Ok]);
        Assert.Equal(0, replica.Meter.Waiting);
    }

    [Fact]
    public async Task Frozen_and_killed_store_loses_nothing_and_doubles_nothing()
    {
        await using var redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        var options = new RedisStoreOptions { ConnectionString = redis.ConnectionString };
        await using var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance);
        await store.StartAsync(TestContext.Current.CancellationToken);
        using var replica = new MeteredReplica(store);
        var at = TimeProvider.System.GetUtcNow();
        replica.Meter.Record(Records.At(at));
        Assert.True(await replica.WriteAsync());

        redis.Freeze();
        replica.Meter.Record(Records.At(at));

        // The frozen store takes the script in, and runs it when it goes on: nobody hears of it.
        using (var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(200)))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                async () => await replica.Writer.WriteAsync(impatient.Token));
        }

        redis.Thaw();
        await redis.KillAsync();
        replica.Meter.Record(Records.At(at));
        await Eventually.HoldsAsync(async () => !await replica.WriteAsync());
        replica.Meter.Record(Records.At(at));
        await redis.StartAgainAsync();
        await Eventually.HoldsAsync(replica.WriteAsync);

        Assert.Equal(4, Assert.Single(await replica.ReadAsync(at)).Requests[UsageOutcomes.Ok]);
        Assert.Equal(0, replica.Meter.Dropped);
    }

    [Fact]
    public async Task Records_beyond_the_bound_are_dropped_counted_and_told_once()
    {
        var away = new LostAnswers(null);
        var log = new CountingLogger();
        using var replica = new MeteredReplica(away, capacity: 10, logger: log);

        for (var i = 0; i < 25; i++)
        {
            replica.Meter.Record(Records.At(Noon, key: $"key_{i % 12}"));
        }

        await replica.WriteAsync();
        replica.Meter.Record(Records.At(Noon, key: "key_12"));
        await replica.WriteAsync();

        Assert.Equal(10, replica.Meter.Waiting);

        // key_10 and key_11 twice each, and key_12: what is known goes on being added up.
        Assert.Equal(5, replica.Meter.Dropped);
        Assert.Equal([1301], log.Events);
    }

    [Fact]
    public async Task Last_write_at_the_end_takes_what_waits()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        await replica.Writer.StartAsync(TestContext.Current.CancellationToken);

        replica.Meter.Record(Records.At(Noon));
        await replica.Writer.StopAsync(TestContext.Current.CancellationToken);

        Assert.Single(await replica.ReadAsync(Noon));
    }

    [Fact]
    public async Task Writer_writes_every_second()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        await replica.Writer.StartAsync(TestContext.Current.CancellationToken);
        replica.Meter.Record(Records.At(Noon));

        clock.Advance(MeteringWriter.Interval);

        await Eventually.HoldsAsync(() => replica.Meter.Waiting == 0);
        Assert.Single(await replica.ReadAsync(Noon));
        await replica.Writer.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task End_with_the_store_away_does_not_wait_for_it()
    {
        var log = new CountingLogger();
        using var replica = new MeteredReplica(new LostAnswers(null), logger: log);
        await replica.Writer.StartAsync(TestContext.Current.CancellationToken);
        replica.Meter.Record(Records.At(Noon));

        await replica.Writer.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([1304], log.Events);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Too_many_combinations_are_counted_together(StoreKind kind)
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(kind, clock);
        var log = new CountingLogger();
        using var replica = new MeteredReplica(store, clock, mostFields: 20, logger: log);

        for (var i = 0; i < 100; i++)
        {
            replica.Meter.Record(Records.At(Noon, key: $"key_{i:D3}"));
        }

        await replica.WriteAsync();
        replica.Meter.Record(Records.At(Noon, key: "key_000"));
        await replica.WriteAsync();

        var rows = await replica.ReadAsync(Noon, UsageDimension.Key, UsageDimension.Model);
        Assert.Equal(101, rows.Sum(r => r.Requests[UsageOutcomes.Ok]));
        Assert.Equal(11, rows.Count);
        Assert.Equal((UsageRow.Other, UsageRow.Other), (rows[0].KeyId, rows[0].Model));
        Assert.Equal(90, rows[0].Requests[UsageOutcomes.Ok]);
        Assert.Equal(2, rows[1].Requests[UsageOutcomes.Ok]);
        Assert.Equal(180, replica.Meter.CountedAsOther);
        Assert.Equal([1302], log.Events);
    }

    [Fact]
    public async Task Too_many_combinations_of_minutes_cost_no_usage()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        var count = UsageBuffer.MinuteCapacity + 10;

        for (var i = 0; i < count; i++)
        {
            replica.Meter.Record(Records.At(Noon, key: $"key_{i}"));
        }

        Assert.True(await replica.WriteAsync());
        replica.Meter.Record(Records.At(Noon, key: "key_0"));
        Assert.True(await replica.WriteAsync());

        var minute = await replica.QueryAsync(new UsageQuery(Noon, Noon.AddMinutes(1), UsageStep.Minute, [UsageDimension.Key]));
        Assert.Equal(UsageBuffer.MinuteCapacity + 1, minute.Sum(r => r.Requests[UsageOutcomes.Ok]));
        Assert.InRange(minute.Count, 2, (UsageBatch.MostMinuteFields / 2) + 1);
        Assert.Equal(count + 1, (await replica.ReadAsync(Noon)).Sum(r => r.Requests[UsageOutcomes.Ok]));
        Assert.Equal(0, replica.Meter.Dropped);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Minutes_are_kept_for_hours_and_hours_and_days_as_configured(StoreKind kind)
    {
        // The store's real clock ends keys; what a script says of the time that is left is what is checked.
        var now = TimeProvider.System.GetUtcNow();
        await using var store = await servers.OpenAsync(kind);
        using var replica = new MeteredReplica(
            store, config: new() { HoursKeptDays = 2, DaysKeptDays = 10 });

        replica.Meter.Record(Records.At(now));
        replica.Meter.Record(Records.At(now.AddDays(-4)));
        replica.Meter.Record(Records.At(now.AddDays(-12)));
        await replica.WriteAsync();

        var minute = UsageTime.MinuteOf(now);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(kind));
        var database = connection.GetDatabase();
        async Task<double?> LeftAsync(string key) => (await database.KeyTimeToLiveAsync(key))?.TotalDays;
        Task<double?> DaysLeftAsync(UsageStep step, int daysAgo) =>
            LeftAsync(UsageKeys.Of(store, UsagePart.Around(minute - (daysAgo * UsageTime.MinutesPerDay), step)));
        Assert.InRange((await DaysLeftAsync(UsageStep.Minute, 0))!.Value, 2.9 / 24, 3.02 / 24);
        Assert.Null(await DaysLeftAsync(UsageStep.Minute, 4));
        Assert.InRange((await DaysLeftAsync(UsageStep.Hour, 0))!.Value, 2, 2 + (1 / 24d));
        Assert.InRange((await DaysLeftAsync(UsageStep.Day, 0))!.Value, 10, 11);
        Assert.Null(await DaysLeftAsync(UsageStep.Hour, 4));
        Assert.InRange((await DaysLeftAsync(UsageStep.Day, 4))!.Value, 6, 7);
        Assert.Null(await DaysLeftAsync(UsageStep.Day, 12));
        Assert.InRange((await LeftAsync(UsageKeys.LastBatch(store, replica.Identity.Id)))!.Value, 29, 30);
    }

    /// <summary>A store whose scripts run, and whose answers are lost; without one behind it, it is away.</summary>
    private sealed class LostAnswers(IStore? store) : IStore
    {
        public bool Lose { get; set; }

        public bool IsAvailable => true;

        public string? Problem => null;

        public string Key(string name) => store?.Key(name) ?? name;

        public async ValueTask<RedisResult> RunAsync(
            StoreScript script, RedisKey[] keys, RedisValue[] arguments, TimeSpan deadline, CancellationToken cancellationToken)
        {
            if (store is null)
            {
                throw new StoreUnavailableException("away");
            }

            var answer = await store.RunAsync(script, keys, arguments, deadline, cancellationToken);
            return Lose ? throw new StoreUnavailableException("the answer is lost") : answer;
        }

        public ValueTask<RedisValue> GetAsync(string key, TimeSpan deadline, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public ValueTask PublishAsync(string channel, RedisValue message, TimeSpan deadline, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IDisposable Subscribe(string channel, Action<RedisValue> received) => throw new NotSupportedException();

        public IDisposable OnAvailabilityChange(Action<bool> changed) => throw new NotSupportedException();
    }

    private sealed class CountingLogger : ILogger<MeteringWriter>
    {
        public List<int> Events { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Events.Add(eventId.Id);
    }
}
