using AiRouter.Api.Routing.Policies;

namespace AiRouter.Tests.Routing.Policies;

public sealed class RoundRobinPolicyTests
{
    [Fact]
    public void Heavy_targets_come_often_but_not_in_a_row()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 5, 1, 1);
        var policy = new RoundRobinPolicy();

        var order = Enumerable.Range(0, 14).Select(_ => policy.Choose(targets, null!).Model.Backend.Name);

        Assert.Equal("aabacaaaabacaa", string.Concat(order));
    }

    [Fact]
    public void Target_that_was_out_comes_back_without_a_burst_and_the_others_shared_its_turns()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 1, 1);
        var policy = new RoundRobinPolicy();
        policy.Count(targets, 100);

        var withoutB = policy.Count([targets[0], targets[2]], 1000);
        var after = policy.Count(targets, 30);

        Assert.InRange(withoutB[0], 498, 502);
        Assert.All(after, count => Assert.InRange(count, 9, 11));
    }

    [Fact]
    public void Targets_that_go_and_come_all_the_time_keep_their_proportions()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 4, 2, 1, 1);
        var policy = new RoundRobinPolicy();
        var random = new Random(7);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 80_000; i++)
        {
            // Any of them is out half of the time, but for two at least.
            var usable = targets.Where(_ => random.Next(2) == 0).ToArray();
            usable = usable.Length < 2 ? targets : usable;
            var name = policy.Choose(usable, null!).Model.Backend.Name;
            counts[name] = counts.GetValueOrDefault(name) + 1;
        }

        // What it is out costs a target its turns; those with the same weight lose alike.
        Assert.InRange(counts["c"] / (double)counts["d"], 0.97, 1.03);
        Assert.InRange(counts["a"] / (double)counts["b"], 1.6, 2.4);
        Assert.True(counts["b"] > counts["c"]);
    }

    [Fact]
    public void Turns_are_exact_when_many_requests_come_at_once()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 3, 2, 1);
        var policy = new RoundRobinPolicy();
        var counts = new int[3];

        Parallel.For(0, 60_000, _ => Interlocked.Increment(ref counts[Array.IndexOf(targets, policy.Choose(targets, null!))]));

        Assert.Equal([30_000, 20_000, 10_000], counts);
    }
}
