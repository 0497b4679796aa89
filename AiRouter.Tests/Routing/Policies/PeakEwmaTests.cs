using AiRouter.Api.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Routing.Policies;

public sealed class PeakEwmaTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Slow_answer_counts_at_once_and_quick_ones_little_by_little()
    {
        var ewma = new PeakEwma(_time);
        Observe(ewma, 0.1);
        Observe(ewma, 5);
        Assert.Equal(5, ewma.Seconds!.Value, 3);

        _time.Advance(TimeSpan.FromSeconds(1));
        Observe(ewma, 0.1);
        Assert.InRange(ewma.Seconds!.Value, 3, 5);
    }

    [Fact]
    public void Longest_time_is_forgotten_within_30_seconds_of_quick_answers()
    {
        var ewma = new PeakEwma(_time);
        Observe(ewma, 3600);
        for (var i = 0; i < 30; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Observe(ewma, 0.1);
        }

        Assert.InRange(ewma.Seconds!.Value, 0.1, 0.125);
    }

    [Fact]
    public void Value_gets_smaller_while_nothing_is_measured_and_is_unknown_in_the_end()
    {
        var ewma = new PeakEwma(_time);
        Observe(ewma, 2);
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(2 / Math.E, ewma.Seconds!.Value, 3);

        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Null(ewma.Seconds);
    }

    [Fact]
    public void Nothing_is_known_before_the_first_answer() => Assert.Null(new PeakEwma(_time).Seconds);

    [Fact]
    public void Target_that_hangs_shows_it_before_its_request_ends()
    {
        var ewma = new PeakEwma(_time);
        Observe(ewma, 0.1);
        ewma.Begin();
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(7, ewma.Seconds!.Value, 3);

        ewma.Observe(TimeSpan.FromSeconds(7));
        Assert.Equal(7, ewma.Seconds!.Value, 3);
    }

    [Fact]
    public void Slow_answer_to_a_request_that_quick_ones_have_overtaken_counts_for_little()
    {
        var ewma = new PeakEwma(_time);
        ewma.Begin();
        _time.Advance(TimeSpan.FromSeconds(20));
        Observe(ewma, 0.1);
        ewma.Observe(TimeSpan.FromSeconds(20));

        Assert.InRange(ewma.Seconds!.Value, 0.1, 0.2);
    }

    [Fact]
    public void Quick_failure_makes_nobody_look_quick()
    {
        var (known, unknown) = (new PeakEwma(_time), new PeakEwma(_time));
        Observe(known, 2);
        known.Begin();
        unknown.Begin();
        known.Failed(TimeSpan.FromMilliseconds(1));
        unknown.Failed(TimeSpan.FromMilliseconds(1));

        Assert.Equal(2, known.Seconds!.Value, 3);
        Assert.Null(unknown.Seconds);
    }

    [Fact]
    public void Slow_failure_counts_as_that_slow()
    {
        var (known, unknown) = (new PeakEwma(_time), new PeakEwma(_time));
        Observe(known, 2);
        known.Begin();
        unknown.Begin();
        known.Failed(TimeSpan.FromSeconds(10));
        unknown.Failed(TimeSpan.FromSeconds(10));

        Assert.Equal(10, known.Seconds!.Value, 3);
        Assert.Equal(10, unknown.Seconds!.Value, 3);
    }

    private void Observe(PeakEwma ewma, double seconds)
    {
        ewma.Begin();
        _time.Advance(TimeSpan.FromSeconds(seconds));
        ewma.Observe(TimeSpan.FromSeconds(seconds));
    }
}
