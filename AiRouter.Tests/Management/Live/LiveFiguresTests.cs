using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Live;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Management.Live;

public sealed class LiveFiguresTests(StoreServers servers)
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 10, 15, 20, 15, TimeSpan.Zero));

    [Fact]
    public async Task Many_who_look_at_the_same_time_ask_the_store_once()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var gate = new TaskCompletionSource();
        var usage = new RecordedUsage(_clock) { Gate = gate.Task };
        var figures = Figures(admin, usage, new Reports());
        using var impatient = new CancellationTokenSource();

        var left = figures.ReadAsync(impatient.Token);
        var all = Enumerable.Range(0, 20).Select(_ => figures.ReadAsync(TestContext.Current.CancellationToken)).ToList();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.SetResult();
        var views = await Task.WhenAll(all);

        Assert.Single(views.Distinct());
        Assert.Equal(2, usage.Queries.Count);
        Assert.Same(views[0], await figures.ReadAsync(TestContext.Current.CancellationToken));

        _clock.Advance(LiveFigures.Interval);
        Assert.NotSame(views[0], await figures.ReadAsync(TestContext.Current.CancellationToken));

        // Minutes again, and today not yet.
        Assert.Equal(3, usage.Queries.Count);
    }

    [Fact]
    public async Task Today_begins_anew_at_midnight()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        _clock.SetUtcNow(new DateTimeOffset(2026, 3, 10, 23, 59, 58, TimeSpan.Zero));
        var usage = new RecordedUsage(_clock);
        usage.Add(3, TimeSpan.FromSeconds(1));
        var figures = Figures(admin, usage, new Reports());

        var before = (await figures.ReadAsync(TestContext.Current.CancellationToken)).Today;
        Assert.Equal(new LiveToday(3, 30, 15, 0, 0.0000045m), before);

        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(LiveToday.None, (await figures.ReadAsync(TestContext.Current.CancellationToken)).Today);
    }

    [Fact]
    public async Task Router_has_some_seconds_to_take_a_new_version_over()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var version = await admin.PutConfigurationAsync();
        var reports = new Reports { Router = Router(version - 1) };
        var figures = Figures(admin, new RecordedUsage(_clock), reports);

        var first = await figures.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LiveHealth.Unknown, Assert.Single(first.Replicas).Health);
        Assert.Equal(LiveHealth.Good, first.Health);

        _clock.Advance(LiveFigures.TakeOver);
        var later = await figures.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(LiveHealth.Degraded, Assert.Single(later.Replicas).Health);
        Assert.Equal("routers", Assert.Single(later.Notices).Subject);

        reports.Router = Router(version);
        _clock.Advance(LiveFigures.Interval);
        var last = await figures.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((LiveHealth.Good, LiveHealth.Good), (last.Health, Assert.Single(last.Replicas).Health));
        Assert.Equal(["m"], last.Models.Select(static m => m.Name));
        Assert.Equal((LiveHealth.Unknown, "m"), (last.Backends[0].Health, Assert.Single(last.Backends[0].Models)));
    }

    [Fact]
    public async Task Live_figures_are_in_the_management_api()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        var version = await admin.PutConfigurationAsync();
        using var viewer = await admin.WithRoleAsync("viewer");

        var live = await viewer.ReadAsync("live");

        Assert.Equal(version, (long)live["configurationVersion"]!);
        Assert.Equal("down", (string?)live["health"]);
        Assert.Equal("routers", (string?)live["notices"]![0]!["subject"]);
        Assert.Equal(0, (double)live["traffic"]!["requestsPerSecond"]!);
        Assert.Equal("m", (string?)live["models"]![0]!["name"]);
        Assert.Equal("unknown", (string?)live["models"]![0]!["health"]);
        await admin.As(null).GetAsync("live", TestContext.Current.CancellationToken).IsProblemAsync(401, "unauthorized");
    }

    private LiveFigures Figures(RunningAdmin admin, RecordedUsage usage, IReplicaDirectory reports) =>
        new(usage, reports, admin.Services.GetRequiredService<ConfigurationEditor>(), _clock);

    private static ReplicaReport Router(long version) => new()
    {
        Id = "1",
        Role = "api",
        Host = "pod-1",
        Started = default,
        ConfigurationVersion = version,
        ConfigurationHash = "h",
    };

    private sealed class Reports : IReplicaDirectory
    {
        public ReplicaReport? Router { get; set; }

        public int LiveRouters => 1;

        public ValueTask<IReadOnlyList<ReplicaReport>> ReadAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<ReplicaReport>>(Router is null ? [] : [Router]);
    }
}
