using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Stores.Replicas;

public sealed class ReplicaTests(StoreServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Reports_are_read_back_and_routers_counted(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var directory = new ReplicaDirectory(store);
        Assert.Equal(1, directory.LiveRouters);
        await new ReplicaDirectory(store).ReportAsync(Report("1") with { ActiveRequests = 3, ConfigurationVersion = 2 }, Token);
        await new ReplicaDirectory(store).ReportAsync(Report("2", "admin"), Token);
        await directory.ReportAsync(Report("3") with { ConfigurationHash = "other" }, Token);

        Assert.Equal((2, 2), (directory.LiveRouters, directory.Configurations));
        var reports = (await directory.ReadAsync(Token)).OrderBy(r => r.Id).ToList();
        Assert.Equal(["1", "2", "3"], reports.Select(r => r.Id));
        Assert.Equal((3, 2L, "h"), (reports[0].ActiveRequests, reports[0].ConfigurationVersion!.Value, reports[0].Host));
        Assert.All(reports, r => Assert.InRange(r.Seen, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1)));

        await directory.LeaveAsync(Report("1"), Token);
        Assert.Equal(1, directory.LiveRouters);
        Assert.Equal(2, (await directory.ReadAsync(Token)).Count);
    }

    [Theory, EveryStore]
    public async Task Process_that_is_silent_for_ten_seconds_is_gone(StoreKind kind)
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var store = await servers.OpenAsync(kind, clock);
        var directory = new ReplicaDirectory(store);
        await directory.ReportAsync(Report("1"), Token);
        clock.Advance(TimeSpan.FromSeconds(10));
        await directory.ReportAsync(Report("2"), Token);
        Assert.Equal(2, directory.LiveRouters);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        await directory.ReportAsync(Report("2"), Token);
        Assert.Equal(1, directory.LiveRouters);
        Assert.Equal("2", Assert.Single(await directory.ReadAsync(Token)).Id);
    }

    [Fact]
    public async Task Without_the_store_the_last_number_goes_on()
    {
        await using var server = await RedisServer.StartAsync();
        await using var store = await StoreServers.OpenAsync(server);
        var directory = new ReplicaDirectory(store);
        await directory.ReportAsync(Report("1"), Token);
        await directory.ReportAsync(Report("2"), Token);
        await server.KillAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => directory.ReportAsync(Report("2"), Token).AsTask());
        Assert.Equal(2, directory.LiveRouters);
    }

    [Theory, EveryStore]
    public async Task Reporter_says_every_second_what_its_parts_say_and_takes_its_leave(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var directory = new ReplicaDirectory(store);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var part = new Part();
        var identity = new ReplicaIdentity("7", "h", time.GetUtcNow());
        using var reporter = new ReplicaReporter(directory, identity, [part], time, NullLogger<ReplicaReporter>.Instance, "api");
        await reporter.StartAsync(Token);
        await Eventually.HoldsAsync(async () => (await directory.ReadAsync(Token)) is [{ ActiveRequests: 1, Role: "api" }]);

        part.Active = 2;
        time.Advance(ReplicaReporter.Interval);
        await Eventually.HoldsAsync(async () => (await directory.ReadAsync(Token)) is [{ ActiveRequests: 2 }]);

        await reporter.StopAsync(Token);
        Assert.Empty(await directory.ReadAsync(Token));
    }

    private static ReplicaReport Report(string id, string role = "api") =>
        new() { Id = id, Role = role, Host = "h", Started = DateTimeOffset.UnixEpoch, ConfigurationHash = role == "api" ? "one" : null };

    private sealed class Part : IReplicaReportSource
    {
        public int Active { get; set; } = 1;

        public ReplicaReport AddTo(ReplicaReport report) => report with { ActiveRequests = Active };
    }
}
