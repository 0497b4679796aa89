using System.Collections.Concurrent;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>When a wait for a backend ends.</summary>
public sealed class AttemptDeadlineTests
{
    private static readonly TimeoutsConfig Timeouts = new() { FirstByte = 300, Idle = 120, Total = 1000 };

    private readonly FakeTimeProvider _clock = new();
    private readonly ConcurrentQueue<AttemptDeadline> _kept = [];

    [Fact]
    public void Wait_for_the_first_byte_ends_in_time_and_not_before()
    {
        using var deadline = Start();

        _clock.Advance(TimeSpan.FromSeconds(299.9));
        Assert.False(deadline.HasExpired);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(deadline.HasExpired);
    }

    [Fact]
    public void Each_read_has_the_idle_time_anew_and_all_together_have_the_total()
    {
        using var deadline = Start();
        for (var i = 0; i < 9; i++)
        {
            deadline.ArmIdle();
            _clock.Advance(TimeSpan.FromSeconds(110));
            Assert.False(deadline.HasExpired);
        }

        deadline.ArmIdle();
        _clock.Advance(TimeSpan.FromSeconds(10.1));

        Assert.True(deadline.HasExpired);
        Assert.False(deadline.WaitsForClient);
    }

    [Fact]
    public void Idle_time_ends_although_the_first_byte_had_more()
    {
        using var deadline = Start();
        _clock.Advance(TimeSpan.FromSeconds(1));
        deadline.ArmIdle();

        _clock.Advance(TimeSpan.FromSeconds(119.9));
        Assert.False(deadline.HasExpired);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(deadline.HasExpired);
    }

    [Fact]
    public void Client_has_the_total_to_take_its_answer()
    {
        using var deadline = Start();
        deadline.ArmIdle();
        deadline.ArmWrite();

        _clock.Advance(TimeSpan.FromSeconds(999.9));
        Assert.False(deadline.HasExpired);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(deadline is { HasExpired: true, WaitsForClient: true });
    }

    [Fact]
    public void Client_that_goes_ends_the_wait_and_no_deadline_has_expired()
    {
        using var client = new CancellationTokenSource();
        using var deadline = AttemptDeadline.Start(_kept, Timeouts, _clock, client.Token);

        client.Cancel();

        Assert.True(deadline.Token.IsCancellationRequested);
        Assert.False(deadline.HasExpired);
    }

    [Fact]
    public void Next_attempt_takes_over_what_the_last_one_had_and_not_its_deadline()
    {
        using var client = new CancellationTokenSource();
        var first = AttemptDeadline.Start(_kept, Timeouts, _clock, client.Token);
        first.ArmIdle();
        _clock.Advance(TimeSpan.FromSeconds(100));
        first.Dispose();
        client.Cancel();

        using var second = Start();
        Assert.Same(first, second);
        _clock.Advance(TimeSpan.FromSeconds(299.9));
        Assert.False(second.Token.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(0.2));
        Assert.True(second.HasExpired);
    }

    [Fact]
    public void One_that_has_expired_is_not_taken_over()
    {
        var first = Start();
        _clock.Advance(TimeSpan.FromSeconds(301));
        Assert.True(first.HasExpired);
        first.Dispose();

        using var second = Start();
        Assert.False(second.Token.IsCancellationRequested);
        Assert.NotSame(first, second);
    }

    [Fact]
    public void Attempt_after_attempt_allocates_nothing() => Assert.Equal(0, Allocations.Of(() =>
    {
        for (var i = 0; i < 100; i++)
        {
            var deadline = AttemptDeadline.Start(_kept, Timeouts, TimeProvider.System, CancellationToken.None);
            deadline.ArmIdle();
            deadline.ArmWrite();
            deadline.Dispose();
        }
    }));

    private AttemptDeadline Start() => AttemptDeadline.Start(_kept, Timeouts, _clock, CancellationToken.None);
}
