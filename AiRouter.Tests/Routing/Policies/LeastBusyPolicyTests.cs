using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Routing.Policies;

public sealed class LeastBusyPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Target_that_holds_its_requests_ten_times_as_long_gets_a_tenth_of_them()
    {
        var targets = PolicyTargets.Create(_time, 1, 1, 1, 1);
        var policy = new LeastBusyPolicy(new Random(3));
        var counts = Simulate(policy, targets, target => target == targets[0] ? 100 : 10, requests: 20_000, perTick: 2);

        var others = counts[1..].Average();
        Assert.InRange(counts[0] / others, 0.05, 0.3);
        Assert.All(counts[1..], count => Assert.InRange(count, others * 0.9, others * 1.1));
    }

    [Fact]
    public void Requests_under_way_go_by_weight()
    {
        var targets = PolicyTargets.Create(_time, 1, 2, 4);
        var policy = new LeastBusyPolicy(new Random(3));
        for (var i = 0; i < 700; i++)
        {
            policy.Choose(targets, null!).State.Load.Begin(streams: false);
        }

        Assert.InRange(targets[0].State.Load.InFlight, 95, 105);
        Assert.InRange(targets[1].State.Load.InFlight, 195, 205);
        Assert.InRange(targets[2].State.Load.InFlight, 395, 405);
    }

    [Fact]
    public void Requests_one_after_the_other_go_by_weight_too()
    {
        var targets = PolicyTargets.Create(_time, 1, 3);

        var counts = new LeastBusyPolicy(new Random(3)).Count(targets, 10_000);

        Assert.InRange(counts[0], 2350, 2650);
    }

    [Fact]
    public void Load_that_a_server_tells_counts_until_it_is_old()
    {
        var targets = PolicyTargets.Create(_time, 1, 1);
        var policy = new LeastBusyPolicy(new Random(3));
        targets[0].State.Load.Report(new LoadSignal(20, 0), TimeSpan.FromSeconds(3));

        Assert.Equal([0, 100], policy.Count(targets, 100));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.InRange(policy.Count(targets, 1000)[0], 450, 550);
    }

    /// <summary>Requests that arrive at a steady rate, each held for a while.</summary>
    internal static int[] Simulate(
        ITargetPolicy policy, RoutedTarget[] targets, Func<RoutedTarget, int> ticks, int requests, int perTick)
    {
        var counts = new int[targets.Length];
        var ends = new PriorityQueue<RequestLoad, int>();
        for (var i = 0; i < requests; i++)
        {
            var now = i / perTick;
            while (ends.TryPeek(out var load, out var end) && end <= now)
            {
                ends.Dequeue().End(answered: true);
            }

            var target = policy.Choose(targets, null!);
            counts[Array.IndexOf(targets, target)]++;
            ends.Enqueue(target.State.Load.Begin(streams: false), now + ticks(target));
        }

        return counts;
    }
}
