using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace AiRouter.Tests.Metering;

public sealed class RequestLogTests(StoreServers servers)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    public static TheoryData<StoreKind> Kinds => [.. Enum.GetValues<StoreKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Log_keeps_the_newest_of_all_replicas(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        using var one = new MeteredReplica(store, config: Logging(keep: 40));
        using var two = new MeteredReplica(store, config: Logging(keep: 40));
        for (var i = 0; i < 100; i++)
        {
            (i % 2 == 0 ? one : two).Meter.Record(Records.At(Noon.AddSeconds(i)) with { RequestId = $"req-{i}", Error = "Internal" });
        }

        // The second's are written later, and are not newer for that.
        await one.WriteAsync();
        await two.WriteAsync();

        var log = await one.Usage.RequestsAsync(1000, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Range(60, 40).Reverse().Select(i => $"req-{i}"), log.Select(e => e.Request.RequestId));
        Assert.Equal([two.Identity.Id, one.Identity.Id], log.Take(2).Select(e => e.Replica));
        Assert.Equal(Records.At(Noon.AddSeconds(99)) with { RequestId = "req-99", Error = "Internal" }, log[0].Request);
        Assert.All(log, e => Assert.False(e.HasBodies));
        Assert.Equal(3, (await one.Usage.RequestsAsync(3, TestContext.Current.CancellationToken)).Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Bodies_are_redacted_and_expire(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        using var replica = new MeteredReplica(store, config: Logging(keep: 40));
        replica.Meter.Record(Records.At(Noon), new LoggedBodies("sk-air-secret asks", "an answer", IsCut: true));
        await replica.WriteAsync();

        var entry = Assert.Single(await replica.Usage.RequestsAsync(10, TestContext.Current.CancellationToken));
        Assert.True(entry.HasBodies);
        var bodies = await replica.Usage.BodiesAsync(entry.Id, TestContext.Current.CancellationToken);
        Assert.Equal(new LoggedBodies("[redacted] asks", "an answer", IsCut: true), bodies);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(await servers.ConnectionStringAsync(kind));
        var left = await connection.GetDatabase().KeyTimeToLiveAsync(UsageKeys.Bodies(store, entry.Id));
        Assert.InRange(left!.Value.TotalHours, 1.9, 2);
    }

    [Theory]
    [InlineData("../keys")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    public async Task Bodies_of_an_unknown_id_are_none(string id)
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        using var replica = new MeteredReplica(store);

        Assert.Null(await replica.Usage.BodiesAsync(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Log_that_is_off_is_not_written()
    {
        var clock = new FakeTimeProvider(Noon);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        replica.Meter.Record(Records.At(Noon), new LoggedBodies("a", "b", IsCut: false));
        await replica.WriteAsync();

        Assert.Empty(await replica.Usage.RequestsAsync(10, TestContext.Current.CancellationToken));
        Assert.Single(await replica.ReadAsync(Noon));
    }

    [Fact]
    public void Too_many_entries_push_the_oldest_out()
    {
        var buffer = new RequestLogBuffer(capacity: 3);
        for (var i = 0; i < 5; i++)
        {
            buffer.Add(Entry(i, 1));
        }

        Assert.Equal(2, buffer.Dropped);
        Assert.Equal(["2", "3", "4"], buffer.Take(10).Select(e => e.Record.RequestId));
        Assert.Empty(buffer.Take(10));
    }

    [Fact]
    public void Too_long_bodies_push_the_oldest_bodies_out()
    {
        var buffer = new RequestLogBuffer(capacity: 100, bodyCapacity: 1000);
        for (var i = 0; i < 5; i++)
        {
            buffer.Add(Entry(i, i % 2 == 0 ? 400 : 0));
        }

        Assert.Equal([0, 0, 400, 0, 400], buffer.Take(10).Select(e => e.BodyLength));
        Assert.Equal(0, buffer.Dropped);
        buffer.Add(Entry(5, 900));
        Assert.Equal(900, Assert.Single(buffer.Take(10)).BodyLength);
    }

    private static WaitingLogEntry Entry(int number, int bodyLength) => new(
        Records.At(Noon) with { RequestId = $"{number}" },
        bodyLength == 0 ? null : new LoggedBodies(new string('x', bodyLength), "", IsCut: false));

    private static MeteringConfig Logging(int keep) =>
        new() { RequestLog = new() { Enabled = true, Keep = keep, BodiesKeptHours = 2 } };
}
