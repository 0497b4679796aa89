using AiRouter.Admin.Management.Live;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Tests.Management.Live;

public sealed class HealthSumsTests
{
    private static readonly ModelConfig Model = new()
    {
        Targets = [new TargetConfig { Backend = "gpu-1", Model = "ensemble" }, new TargetConfig { Backend = "gpu-2" }],
    };

    [Fact]
    public void Model_is_well_when_every_router_asks_every_target()
    {
        var targets = Sum([Usable("gpu-1", "ensemble"), Usable("gpu-2")], [Usable("gpu-1", "ensemble"), Usable("gpu-2")]);

        Assert.Equal(LiveHealth.Good, HealthSums.Of(targets));
        Assert.All(targets, static t => Assert.Equal((2, 2), (t.Routers, t.Asking)));
    }

    [Fact]
    public void Target_that_one_router_leaves_alone_degrades_the_model()
    {
        var targets = Sum(
            [Usable("gpu-1", "ensemble"), Usable("gpu-2")],
            [Usable("gpu-1", "ensemble"), Usable("gpu-2") with { State = TargetReportState.Open, UsableIn = 4 }]);

        Assert.Equal(LiveHealth.Degraded, HealthSums.Of(targets));
        Assert.Equal([LiveHealth.Good, LiveHealth.Degraded], targets.Select(static t => t.Health));
        Assert.Equal((TargetReportState.Open, 1, 2), (targets[1].State, targets[1].Asking, targets[1].Routers));
        Assert.Equal(TargetReportState.Open, HealthSums.WorstOf(targets));
    }

    [Theory]
    [InlineData(TargetReportState.Open, LiveHealth.Down)]
    [InlineData(TargetReportState.Trying, LiveHealth.Down)]
    [InlineData(TargetReportState.ProbesFail, LiveHealth.Down)]
    [InlineData(TargetReportState.HalfOpen, LiveHealth.Degraded)]
    [InlineData(TargetReportState.CoolingDown, LiveHealth.Degraded)]
    [InlineData(TargetReportState.Busy, LiveHealth.Degraded)]
    [InlineData(TargetReportState.Full, LiveHealth.Degraded)]
    [InlineData(TargetReportState.Usable, LiveHealth.Good)]
    public void Model_whose_targets_are_all_in_a_state_is(TargetReportState state, LiveHealth health)
    {
        var targets = Sum([Usable("gpu-1", "ensemble") with { State = state }, Usable("gpu-2") with { State = state }]);

        Assert.Equal(health, HealthSums.Of(targets));
        Assert.NotEqual(StateTexts.Of(null), StateTexts.Of(state));
    }

    [Fact]
    public void Model_that_no_router_knows_is_unknown()
    {
        Assert.Equal(LiveHealth.Unknown, HealthSums.Of(Sum()));
        Assert.Equal(LiveHealth.Unknown, HealthSums.Of(Sum([Usable("gpu-1", "another")])));
    }

    [Fact]
    public void Target_that_a_router_has_no_room_to_report_is_well()
    {
        var full = Enumerable.Range(0, 500).Select(static i => Usable($"other-{i}")).ToArray();

        Assert.Equal(LiveHealth.Good, HealthSums.Of(Sum(full)));
        Assert.Equal(LiveHealth.Unknown, HealthSums.Of(Sum(full[..499])));
    }

    [Fact]
    public void Figures_of_routers_are_put_together()
    {
        var targets = Sum(
            [Usable("gpu-1", "ensemble") with { InFlight = 3, FirstTokenSeconds = 0.2 }],
            [Usable("gpu-1", "ensemble") with { InFlight = 4, FirstTokenSeconds = 0.4 }],
            [Usable("gpu-1", "ensemble")]);

        Assert.Equal(7, targets[0].InFlight);
        Assert.Equal(0.3, targets[0].FirstTokenSeconds!.Value, 6);
    }

    [Fact]
    public void Same_target_twice_is_one_with_the_worse_state()
    {
        var targets = Sum([Usable("gpu-1", "ensemble"), Usable("gpu-1", "ensemble") with { State = TargetReportState.Busy }]);

        Assert.Equal((1, TargetReportState.Busy), (targets[0].Routers, targets[0].State));
    }

    private static TargetReport Usable(string backend, string? model = null) =>
        new() { Model = "llama", Backend = backend, BackendModel = model };

    private static IReadOnlyList<LiveTarget> Sum(params TargetReport[][] routers) => new HealthSums(
        [
            .. routers.Select(static (targets, i) => Report("api", $"r{i}") with { Targets = targets }),
            Report("admin", "a"),
        ]).TargetsOf("llama", Model);

    private static ReplicaReport Report(string role, string id) => new() { Id = id, Role = role, Host = id, Started = default };
}
