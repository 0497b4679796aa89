using AiRouter.Api.Routing.Policies;

namespace AiRouter.Tests.Routing.Policies;

public sealed class WeightedPolicyTests
{
    [Fact]
    public void Shares_are_those_of_the_weights()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 3, 6);

        var counts = new WeightedPolicy(new Random(4)).Count(targets, 10_000);

        Assert.InRange(counts[0], 900, 1100);
        Assert.InRange(counts[1], 2850, 3150);
        Assert.InRange(counts[2], 5850, 6150);
    }

    [Fact]
    public void Draw_of_two_never_has_the_same_twice_and_the_first_goes_by_weight()
    {
        var targets = PolicyTargets.Create(TimeProvider.System, 1, 3, 6);
        var random = new Random(4);
        var heavyFirst = 0;
        for (var i = 0; i < 10_000; i++)
        {
            var (first, second) = WeightedDraw.Two(targets, random);
            Assert.NotSame(first, second);
            heavyFirst += first == targets[2] ? 1 : 0;
        }

        Assert.InRange(heavyFirst, 5850, 6150);
    }
}
