using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Routing.Policies;

public sealed class LatencyPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 20)]
    [InlineData(4, 1)]
    [InlineData(4, 100)]
    [InlineData(10, 5)]
    [InlineData(30, 20)]
    public void Every_target_gets_one_percent_of_10000_requests_however_slow_it_is(int count, int perSecond)
    {
        var targets = PolicyTargets.Create(_time, Enumerable.Repeat(1, count).ToArray());
        var simulation = new LatencySimulation(_time, new LatencyPolicy(new Random(1)), targets, perSecond)
        {
            Seconds = target => target == targets[0] ? 20 : target == targets[1] ? 0.05 : 1,
        };

        var counts = simulation.Run(10_000);

        Assert.All(counts, share => Assert.InRange(share, 100, 10_000));
        Assert.Equal(counts.Max(), counts[1]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    public void Slow_target_gets_little(int perSecond)
    {
        var targets = PolicyTargets.Create(_time, 1, 1, 1);
        var simulation = new LatencySimulation(_time, new LatencyPolicy(new Random(1)), targets, perSecond)
        {
            Seconds = target => target == targets[0] ? 5 : 0.2,
        };

        Assert.InRange(simulation.Run(10_000)[0], 100, 600);
    }

    [Theory]
    [InlineData(2, 5, 5)]
    [InlineData(2, 5, 100)]
    [InlineData(3, 20, 20)]
    [InlineData(4, 2, 10)]
    [InlineData(4, 20, 100)]
    public void Target_that_was_slow_has_its_share_back_30_seconds_after_it_recovered(int count, double slow, int perSecond)
    {
        var targets = PolicyTargets.Create(_time, Enumerable.Repeat(1, count).ToArray());
        var recovered = false;
        var simulation = new LatencySimulation(_time, new LatencyPolicy(new Random(1)), targets, perSecond)
        {
            Seconds = target => target == targets[0] && !recovered ? slow : 0.2,
        };
        var whileSlow = simulation.Run(60 * perSecond)[0];
        recovered = true;
        simulation.Run(30 * perSecond);

        var share = simulation.Run(100 * perSecond)[0] / (100.0 * perSecond);

        Assert.True(whileSlow < 60 * perSecond * 0.7 / count, $"{whileSlow} while it was slow");
        Assert.InRange(share, 0.8 / count, 1.2 / count);
    }

    [Fact]
    public void Target_that_never_answers_neither_wins_nor_starves()
    {
        var targets = PolicyTargets.Create(_time, 1, 1, 1);
        var simulation = new LatencySimulation(_time, new LatencyPolicy(new Random(1)), targets, 50)
        {
            Seconds = target => target == targets[0] ? double.PositiveInfinity : 0.2,
        };

        Assert.InRange(simulation.Run(10_000)[0], 100, 300);
    }

    [Fact]
    public void New_target_gets_its_share_from_the_first_request_on()
    {
        var targets = PolicyTargets.Create(_time, 1, 1, 1);
        var policy = new LatencyPolicy(new Random(1));
        var before = new LatencySimulation(_time, policy, targets, 50) { Seconds = _ => 0.2 };
        before.Run(1000);
        before.Finish();
        RoutedTarget[] more = [.. targets, PolicyTargets.Create(_time, "new")];

        var counts = new LatencySimulation(_time, policy, more, 50) { Seconds = _ => 0.2 }.Run(1000);

        Assert.InRange(counts[3], 200, 320);
    }

    [Fact]
    public void Streams_and_whole_answers_are_measured_apart()
    {
        var targets = PolicyTargets.Create(_time, 1, 1);
        Answer(targets[0], streams: false, seconds: 60);
        Answer(targets[1], streams: false, seconds: 5);
        Answer(targets[0], streams: true, seconds: 0.1);
        Answer(targets[1], streams: true, seconds: 1);
        var policy = new LatencyPolicy(new Random(1));

        Assert.InRange(policy.Count(targets, 1000, PolicyTargets.Request(stream: true))[0], 960, 1000);
        Assert.InRange(policy.Count(targets, 1000, PolicyTargets.Request(stream: false))[1], 960, 1000);
    }

    private void Answer(RoutedTarget target, bool streams, double seconds)
    {
        var load = target.State.Load.Begin(streams);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        load.FirstData();
        load.End(answered: true);
    }
}
