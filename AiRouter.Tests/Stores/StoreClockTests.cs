using AiRouter.Core.Stores;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Stores;

public sealed class StoreClockTests
{
    private const long StoreTime = 1_800_000_000_000;

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Answer_is_taken_for_the_middle_of_the_way()
    {
        var clock = new StoreClock(_time);

        Learn(clock, trip: 10, StoreTime);

        Assert.True(clock.IsWellKnown);
        Assert.Equal(StoreTime + 5, clock.Now);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(StoreTime + 2005, clock.Now);
    }

    [Fact]
    public void Slow_answer_counts_only_until_there_is_a_quicker_one()
    {
        var clock = new StoreClock(_time);
        Learn(clock, trip: 800, StoreTime);
        Assert.False(clock.IsWellKnown);
        Assert.Equal(StoreTime + 400, clock.Now);

        Learn(clock, trip: 10, StoreTime + 10_000);
        Assert.Equal(StoreTime + 10_005, clock.Now);

        Learn(clock, trip: 800, StoreTime + 50_000);
        Assert.Equal(StoreTime + 10_805, clock.Now);
    }

    [Fact]
    public void Clock_that_was_set_is_learned_anew_by_the_next_answer()
    {
        var clock = new StoreClock(_time);
        Learn(clock, trip: 10, StoreTime);

        clock.Forget();
        Learn(clock, trip: 100, StoreTime + 3_600_000);

        Assert.Equal(StoreTime + 3_600_050, clock.Now);
    }

    private void Learn(StoreClock clock, int trip, long answer)
    {
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(trip));
        clock.Learn(asked, answer);
    }
}
