using AiRouter.Api.Health;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Health;

public sealed class TargetHealthTests
{
    private static readonly BreakerConfig Config = new() { Failures = 3, Ratio = 0.5, Window = 30, Open = 5, MaxOpen = 15 };

    private readonly FakeTimeProvider _time = new();
    private readonly List<HealthChange> _changes = [];
    private readonly TargetHealth _health;

    public TargetHealthTests() => _health = new TargetHealth(Config, _time, new FixedRandom(0), _changes.Add);

    [Fact]
    public void Failures_in_a_row_open_the_breaker()
    {
        Send(TargetOutcome.Failure, 2);
        Assert.True(_health.IsUsable);
        Send(TargetOutcome.Failure);
        Assert.False(_health.IsUsable);
        Assert.Equal(new HealthChange(HealthChangeKind.FailedInARow, Seconds(5)), Assert.Single(_changes));
        Assert.Equal(Seconds(5), _health.Standing.UsableIn);
    }

    [Fact]
    public void Answer_between_failures_keeps_it_closed()
    {
        for (var i = 0; i < 6; i++)
        {
            Send(TargetOutcome.Failure, 2);
            Send(TargetOutcome.Success);
        }

        Assert.True(_health.IsUsable);
    }

    [Theory]
    [InlineData(nameof(TargetOutcome.Unknown))]
    [InlineData(nameof(TargetOutcome.Overloaded))]
    public void What_is_no_failure_never_opens_it(string outcome)
    {
        for (var i = 0; i < 200; i++)
        {
            Send(Enum.Parse<TargetOutcome>(outcome));
            _time.Advance(CoolDown.LastGuess);
        }

        Assert.Equal(TargetCondition.Closed, _health.Standing.Condition);
    }

    [Fact]
    public void Failed_share_counts_from_twenty_requests_on()
    {
        for (var i = 0; i < 9; i++)
        {
            Send(TargetOutcome.Success);
            Send(TargetOutcome.Failure);
        }

        Send(TargetOutcome.Failure);
        Assert.True(_health.IsUsable);
        Send(TargetOutcome.Success);
        Send(TargetOutcome.Failure);
        Assert.False(_health.IsUsable);
        Assert.Equal(HealthChangeKind.FailedTooOften, Assert.Single(_changes).Kind);
    }

    [Fact]
    public void Failures_older_than_the_window_are_forgotten()
    {
        for (var i = 0; i < 9; i++)
        {
            Send(TargetOutcome.Success);
            Send(TargetOutcome.Failure);
        }

        _time.Advance(Seconds(31));
        Send(TargetOutcome.Success, 12);
        Send(TargetOutcome.Failure, 2);
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Half_open_breaker_lets_one_request_try_at_a_time()
    {
        Open();
        _time.Advance(Seconds(5));
        Assert.True(_health.TryBegin(false, out var trial));
        Assert.False(_health.TryBegin(false, out _));
        _health.Report(trial, TargetOutcome.Success, null);
        Assert.True(_health.TryBegin(false, out _));
        Assert.True(_health.TryBegin(false, out _));
        Assert.Equal(new HealthChange(HealthChangeKind.Recovered, Seconds(5)), _changes[^1]);
    }

    [Fact]
    public void Each_failed_try_doubles_the_time_up_to_the_longest()
    {
        Open();
        foreach (var seconds in (int[])[5, 10, 15, 15])
        {
            _time.Advance(Seconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(_health.IsUsable);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Send(TargetOutcome.Failure);
        }
    }

    [Fact]
    public void Time_is_spread_by_chance_and_never_longer_than_configured()
    {
        var times = Enumerable.Range(0, 100).Select(seed =>
        {
            var changes = new List<HealthChange>();
            var health = new TargetHealth(Config, _time, new Random(seed), changes.Add);
            Fail(health, 3);
            return Assert.Single(changes).For.TotalSeconds;
        }).ToList();
        Assert.All(times, seconds => Assert.InRange(seconds, 4, 5));
        Assert.InRange(times.Max() - times.Min(), 0.5, 1);
    }

    [Theory]
    [InlineData(nameof(TargetOutcome.Unknown))]
    [InlineData(nameof(TargetOutcome.Overloaded))]
    public void Try_that_shows_nothing_is_given_back(string outcome)
    {
        Open();
        _time.Advance(Seconds(5));
        Assert.True(_health.TryBegin(false, out var trial));
        _health.Report(trial, Enum.Parse<TargetOutcome>(outcome), TimeSpan.Zero);
        Assert.True(_health.IsUsable);
        Assert.True(_health.TryBegin(false, out trial));
        _health.Report(trial, TargetOutcome.Success, null);
        Assert.Equal(TargetCondition.Closed, _health.Standing.Condition);
    }

    [Theory]
    [InlineData(nameof(TargetOutcome.Success))]
    [InlineData(nameof(TargetOutcome.Failure))]
    public void What_began_before_the_breaker_opened_changes_nothing_afterwards(string outcome)
    {
        var old = Enumerable.Range(0, 10).Select(_ => Begin()).ToList();
        Open();
        old[..5].ForEach(ticket => _health.Report(ticket, Enum.Parse<TargetOutcome>(outcome), null));
        Assert.Equal(Seconds(5), _health.Standing.UsableIn);
        _time.Advance(Seconds(5));
        Send(TargetOutcome.Success);
        old[5..].ForEach(ticket => _health.Report(ticket, Enum.Parse<TargetOutcome>(outcome), null));
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Answer_to_a_request_sent_all_the_same_closes_it()
    {
        Open();
        Assert.True(_health.TryBegin(true, out var ticket));
        Assert.False(ticket.IsTrial);
        _health.Report(ticket, TargetOutcome.Success, null);
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Failure_of_a_request_sent_all_the_same_prolongs_nothing()
    {
        Open();
        for (var i = 0; i < 10; i++)
        {
            Assert.True(_health.TryBegin(true, out var ticket));
            _health.Report(ticket, TargetOutcome.Failure, null);
        }

        _time.Advance(Seconds(5));
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Beginning_of_an_answer_lets_others_in_until_it_breaks_off()
    {
        Open();
        _time.Advance(Seconds(5));
        Assert.True(_health.TryBegin(false, out var trial));
        trial = _health.AnswerBegan(trial);
        Send(TargetOutcome.Unknown, 3);
        _health.Report(trial, TargetOutcome.Failure, null);
        Assert.False(_health.IsUsable);
        Assert.Equal(new HealthChange(HealthChangeKind.FailedOnReturn, Seconds(10)), _changes[^1]);
    }

    [Fact]
    public void Who_was_told_that_it_is_well_is_told_when_it_fails_at_once()
    {
        Open();
        _time.Advance(Seconds(5));
        Send(TargetOutcome.Failure);
        Assert.Equal(HealthChangeKind.FailedAgain, _changes[^1].Kind);
        _health.Probed(isWell: false);
        _health.Probed(isWell: true);
        Send(TargetOutcome.Failure);
        Assert.Equal(HealthChangeKind.FailedOnReturn, _changes[^1].Kind);
        _time.Advance(Seconds(15));
        Send(TargetOutcome.Failure);
        Assert.Equal(HealthChangeKind.FailedAgain, _changes[^1].Kind);
    }

    [Fact]
    public void Time_that_it_was_out_begins_with_the_failed_probes()
    {
        _health.Probed(isWell: false);
        _time.Advance(Seconds(7));
        _health.Probed(isWell: true);
        _time.Advance(Seconds(2));
        Send(TargetOutcome.Success);
        Assert.Equal(new HealthChange(HealthChangeKind.Recovered, Seconds(9)), Assert.Single(_changes));
    }

    [Fact]
    public void Breaker_that_is_switched_off_never_opens()
    {
        var health = new TargetHealth(Config with { Enabled = false }, _time);
        Fail(health, 100);
        Assert.True(health.IsUsable);
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(86400, 60)]
    public void Cool_down_lasts_as_long_as_asked_but_not_for_ever(int asked, int expected)
    {
        _health.Report(Begin(), TargetOutcome.Overloaded, Seconds(asked));
        Assert.Equal(TargetRest.Asked, _health.Standing.Rest);
        _time.Advance(Seconds(expected) - TimeSpan.FromMilliseconds(1));
        Assert.False(_health.IsUsable);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Shorter_cool_down_does_not_end_a_longer_one()
    {
        var (one, other) = (Begin(), Begin());
        _health.Report(one, TargetOutcome.Overloaded, Seconds(9));
        _health.Report(other, TargetOutcome.Overloaded, Seconds(1));
        _time.Advance(Seconds(8));
        Assert.False(_health.IsUsable);
    }

    [Fact]
    public void Cool_down_that_was_not_asked_for_doubles_until_an_answer_comes()
    {
        foreach (var seconds in (int[])[1, 2, 4, 8, 16, 30, 30])
        {
            Send(TargetOutcome.Overloaded);
            Assert.Equal((TargetRest.Guessed, Seconds(seconds)), (_health.Standing.Rest, _health.Standing.UsableIn));
            _time.Advance(Seconds(seconds));
        }

        Send(TargetOutcome.Success);
        Send(TargetOutcome.Overloaded);
        Assert.Equal(Seconds(1), _health.Standing.UsableIn);
    }

    [Fact]
    public void Requests_that_are_refused_together_are_one_refusal()
    {
        var together = Enumerable.Range(0, 20).Select(_ => Begin()).ToList();
        together.ForEach(ticket => _health.Report(ticket, TargetOutcome.Overloaded, null));

        Assert.Equal(Seconds(1), _health.Standing.UsableIn);
        Assert.Single(_changes);
    }

    [Fact]
    public void Failing_probes_put_it_out_and_a_good_one_lets_one_request_try()
    {
        _health.Probed(false);
        Assert.False(_health.IsUsable);
        _health.Probed(true);
        Assert.True(_health.TryBegin(false, out var trial));
        Assert.False(_health.TryBegin(false, out _));
        _health.Report(trial, TargetOutcome.Success, null);
        Assert.True(_health.TryBegin(false, out _));
        Assert.True(_health.TryBegin(false, out _));
    }

    [Fact]
    public void Probes_that_were_good_all_along_do_not_close_it()
    {
        _health.Probed(true);
        Open();
        _health.Probed(true);
        Assert.False(_health.IsUsable);
        Assert.Equal(Seconds(5), _health.Standing.UsableIn);
    }

    [Fact]
    public void Good_probe_after_bad_ones_shortens_the_time_of_an_open_breaker()
    {
        Open();
        _health.Probed(false);
        _health.Probed(true);
        Assert.True(_health.IsUsable);
    }

    [Fact]
    public void Try_under_way_when_probes_fail_and_recover_is_not_waited_for()
    {
        Open();
        _time.Advance(Seconds(5));
        Assert.True(_health.TryBegin(false, out var hung));
        _health.Probed(false);
        _health.Probed(true);
        Assert.True(_health.TryBegin(false, out var trial));
        _health.Report(hung, TargetOutcome.Failure, null);
        Assert.False(_health.TryBegin(false, out _));
        _health.Report(trial, TargetOutcome.Success, null);
        Assert.True(_health.IsUsable);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Fail(TargetHealth health, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.True(health.TryBegin(false, out var ticket));
            health.Report(ticket, TargetOutcome.Failure, null);
        }
    }

    private HealthTicket Begin()
    {
        Assert.True(_health.TryBegin(true, out var ticket));
        return ticket;
    }

    private void Send(TargetOutcome outcome, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _health.Report(Begin(), outcome, null);
        }
    }

    private void Open()
    {
        Fail(_health, 3);
        Assert.False(_health.IsUsable);
    }
}
