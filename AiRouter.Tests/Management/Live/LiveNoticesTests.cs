using AiRouter.Admin.Management.Live;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Tests.Management.Live;

public sealed class LiveNoticesTests
{
    private static readonly LiveReplica Router = new()
    {
        Id = "1",
        Role = "api",
        Host = "pod-1",
        Started = default,
        Health = LiveHealth.Good,
        ConfigurationVersion = 7,
    };

    [Fact]
    public void Nothing_is_said_where_all_is_well() =>
        Assert.Empty(LiveNotices.Of(7, LiveTraffic.None, [Model("m", LiveHealth.Good)], [], [Router]));

    [Fact]
    public void Worst_comes_first()
    {
        var notices = LiveNotices.Of(
            7,
            new LiveTraffic { Requests = 20, BackendErrors = 10 },
            [Model("m", LiveHealth.Down)],
            [new LiveBackend("b", BackendKind.OpenAi, LiveHealth.Down, TargetReportState.ProbesFail, ["m"], 0, LiveTraffic.None)],
            [Router]);

        Assert.Equal([LiveHealth.Down, LiveHealth.Down, LiveHealth.Degraded], notices.Select(static n => n.Health));
        Assert.Equal(
            [
                "The backend b does not answer probes.",
                "The model m has no target that answers: b does not answer probes.",
                "10 of 20 requests of the last five minutes were failed by backends.",
            ],
            notices.Select(static n => n.Text));
    }

    [Fact]
    public void Missing_routers_and_configuration_are_told_with_what_to_do()
    {
        var notices = LiveNotices.Of(0, LiveTraffic.None, [], [], []);

        Assert.Contains("start AiRouter.Api", notices[0].Text, StringComparison.Ordinal);
        Assert.Contains("add a backend", notices[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Router_that_serves_something_else_is_told()
    {
        Assert.Contains("refuses the newest configuration: models.m: bad (and another problem)", Only(
            Router with { Health = LiveHealth.Degraded, Problems = ["models.m: bad", "x"] }), StringComparison.Ordinal);
        Assert.Contains("serves version 6 of the configuration instead of 7", Only(
            Router with { Health = LiveHealth.Degraded, ConfigurationVersion = 6 }), StringComparison.Ordinal);
        Assert.Contains("a file of its own", Only(
            Router with { Health = LiveHealth.Degraded, ConfigurationVersion = null }), StringComparison.Ordinal);
        Assert.Contains("has no configuration", Only(
            Router with { Health = LiveHealth.Down, ConfigurationVersion = null }), StringComparison.Ordinal);
        Assert.Contains("1,234 requests", Only(Router with { DroppedUsage = 1234 }), StringComparison.Ordinal);
        Assert.Empty(LiveNotices.Of(7, LiveTraffic.None, [], [], [Router with { Health = LiveHealth.Unknown, ConfigurationVersion = 6 }]));
    }

    [Fact]
    public void Few_errors_are_no_news()
    {
        Assert.Empty(Of(new LiveTraffic { Requests = 4, BackendErrors = 4 }));
        Assert.Empty(Of(new LiveTraffic { Requests = 1000, BackendErrors = 49 }));
        Assert.Single(Of(new LiveTraffic { Requests = 1000, BackendErrors = 50 }));
    }

    [Fact]
    public void Many_models_that_are_down_are_counted()
    {
        var notices = LiveNotices.Of(7, LiveTraffic.None, [.. Enumerable.Range(0, 12).Select(static i => Model($"m{i}", LiveHealth.Down))], [], [Router]);

        Assert.Equal(6, notices.Count);
        Assert.Equal("7 more models are down.", notices[^1].Text);
    }

    private static IReadOnlyList<LiveNotice> Of(LiveTraffic traffic) => LiveNotices.Of(7, traffic, [], [], [Router]);

    private static string Only(LiveReplica router) => Assert.Single(LiveNotices.Of(7, LiveTraffic.None, [], [], [router])).Text;

    private static LiveModel Model(string name, LiveHealth health) => new(
        name,
        health,
        [new LiveTarget { Backend = "b", Health = health, State = health == LiveHealth.Down ? TargetReportState.ProbesFail : TargetReportState.Usable }],
        LiveTraffic.None);
}
