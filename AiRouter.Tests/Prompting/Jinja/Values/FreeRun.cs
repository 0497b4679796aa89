using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Tests.Prompting.Jinja.Values;

/// <summary>A rendering of nothing, for tests of values alone: it counts what it is charged.</summary>
internal sealed class FreeRun(Random? random = null, long budget = long.MaxValue) : JinjaRun
{
    private long _left = budget;

    public override DateTimeOffset Now => new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    public override Random Random { get; } = random ?? new Random(1);

    public override void Spend(long steps) => Take(steps);

    public override void Reserve(long size) => Take(size);

    private void Take(long count)
    {
        _left -= count;
        if (_left < 0)
        {
            throw new JinjaValueException("LimitReached", "the budget is used up");
        }
    }
}
