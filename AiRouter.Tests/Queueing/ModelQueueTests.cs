using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Queueing;

/// <summary>Who gets a place, who waits, and who is refused.</summary>
public sealed class ModelQueueTests
{
    [Fact]
    public async Task Request_beyond_the_limit_waits_until_a_place_comes_free()
    {
        var run = new QueueRun(concurrent: 2);
        var first = run.Enter();
        var second = run.Enter();
        var third = run.Enter();

        Assert.True(first.IsServed && second.IsServed);
        Assert.False(third.Answer.IsCompleted);
        Assert.Equal((2, 1), (run.Queue.Running, run.Queue.Waiting));

        run.Time.Advance(TimeSpan.FromSeconds(3));
        second.Exchange.LeaveQueue();

        Assert.Null(await third.Answer);
        Assert.Equal(TimeSpan.FromSeconds(3), third.Exchange.QueueTime);
        Assert.Equal((2, 0), (run.Queue.Running, run.Queue.Waiting));
    }

    [Fact]
    public void Entering_a_queue_with_free_places_allocates_nothing()
    {
        var run = new QueueRun(concurrent: 2);
        var request = QueueRun.Request(aborted: run.Draining.Token);
        Assert.Equal(0, Allocations.Of(() => EnterAndLeave(run, request, 1000)));
    }

    [Fact]
    public async Task Place_that_is_given_back_twice_counts_once()
    {
        var run = new QueueRun(concurrent: 2);
        var first = run.Enter();
        run.Enter();

        first.Exchange.LeaveQueue();
        first.Exchange.LeaveQueue();
        await first.Exchange.DisposeAsync();

        Assert.Equal(1, run.Queue.Running);
    }

    [Fact]
    public async Task Full_queue_refuses_with_429()
    {
        var run = new QueueRun(concurrent: 1, waiting: 2);
        run.EnterMany(3);

        var error = await run.Enter().Answer;

        Assert.Equal((ErrorCause.QueueFull, 429), (error!.Cause, error.EffectiveStatus));
        Assert.Equal(2, run.Queue.Waiting);
    }

    [Fact]
    public async Task Queue_in_which_nobody_may_wait_refuses_at_once()
    {
        var run = new QueueRun(concurrent: 1, waiting: 0);
        run.Enter();

        Assert.Equal(ErrorCause.QueueFull, (await run.Enter().Answer)!.Cause);
    }

    [Fact]
    public async Task Who_waits_too_long_is_refused_with_503_and_the_others_wait_on()
    {
        var run = new QueueRun(concurrent: 1, maxWait: 10);
        run.Enter();
        var early = run.Enter();
        run.Time.Advance(TimeSpan.FromSeconds(4));
        var late = run.Enter();

        run.Time.Advance(TimeSpan.FromSeconds(5.9));
        Assert.False(early.Answer.IsCompleted);
        run.Time.Advance(TimeSpan.FromSeconds(0.2));

        var error = await early.EndAsync();
        Assert.Equal((ErrorCause.QueueTimeout, 503), (error!.Cause, error.EffectiveStatus));
        Assert.InRange(early.Exchange.QueueTime.TotalSeconds, 10, 10.1);
        Assert.False(late.Answer.IsCompleted);

        run.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(ErrorCause.QueueTimeout, (await late.EndAsync())!.Cause);
        Assert.Equal((1, 0), (run.Queue.Running, run.Queue.Waiting));
    }

    [Fact]
    public async Task Client_that_leaves_while_it_waits_frees_its_place_at_once()
    {
        var run = new QueueRun(concurrent: 1, waiting: 1);
        run.Enter();
        var gone = run.Enter();

        await gone.Aborted.CancelAsync();

        Assert.Equal(0, run.Queue.Waiting);
        Assert.Equal(ErrorCause.ClientGone, (await gone.Answer)!.Cause);
        Assert.False(run.Enter().Answer.IsCompleted);
    }

    [Fact]
    public async Task Client_that_has_gone_before_it_waits_does_not_wait()
    {
        var run = new QueueRun(concurrent: 1);
        run.Enter();
        var gone = QueueRun.Request(aborted: new CancellationToken(canceled: true));

        Assert.Equal(ErrorCause.ClientGone, (await run.Queue.EnterAsync(gone, run.Draining.Token))!.Cause);
        Assert.Equal(0, run.Queue.Waiting);
    }

    [Fact]
    public async Task Who_waits_when_the_router_stops_is_refused_at_once_and_who_comes_later_too()
    {
        var run = new QueueRun(concurrent: 1);
        run.Enter();
        var waiting = run.EnterMany(3);

        await run.Draining.CancelAsync();

        foreach (var entry in waiting.Append(run.Enter()))
        {
            Assert.Equal(ErrorCause.Draining, (await entry.Answer)!.Cause);
        }

        Assert.Equal((1, 0), (run.Queue.Running, run.Queue.Waiting));
    }

    [Fact]
    public async Task R13_each_choice_is_a_place_and_more_than_there_are_takes_all()
    {
        var run = new QueueRun(concurrent: 4);
        var three = run.Enter(n: 3);
        var two = run.Enter(n: 2);
        var hundred = run.Enter(n: 100);
        Assert.True(three.IsServed);

        three.Exchange.LeaveQueue();
        Assert.Null(await two.Answer);
        Assert.Equal(2, run.Queue.Running);
        Assert.False(hundred.Answer.IsCompleted);

        two.Exchange.LeaveQueue();
        Assert.Null(await hundred.Answer);
        Assert.Equal(4, run.Queue.Running);

        hundred.Exchange.LeaveQueue();
        Assert.Equal(0, run.Queue.Running);
    }

    [Fact]
    public async Task Who_needs_more_places_than_are_free_is_not_passed_over()
    {
        var run = new QueueRun(concurrent: 2);
        var first = run.Enter("a");
        run.Enter("a");
        var two = run.Enter("b", n: 2);
        var small = run.Enter("c");

        first.Exchange.LeaveQueue();
        Assert.False(two.Answer.IsCompleted || small.Answer.IsCompleted);
        Assert.False(run.Enter("d").Answer.IsCompleted);

        // As soon as it leaves, what it held up goes on.
        await two.Aborted.CancelAsync();
        Assert.Null(await small.Answer);
    }

    [Fact]
    public async Task More_places_are_given_at_once_and_fewer_as_requests_end()
    {
        var run = new QueueRun(concurrent: 1);
        var first = run.Enter();
        var waiting = run.EnterMany(4);

        run.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 3 });
        await Task.WhenAll(waiting[0].Answer, waiting[1].Answer);
        Assert.Equal((3, 2), (run.Queue.Running, run.Queue.Waiting));

        run.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 1 });
        Assert.Equal(3, run.Queue.Running);
        first.Exchange.LeaveQueue();
        waiting[0].Exchange.LeaveQueue();
        Assert.Equal((1, 2), (run.Queue.Running, run.Queue.Waiting));
        waiting[1].Exchange.LeaveQueue();
        Assert.Equal((1, 1), (run.Queue.Running, run.Queue.Waiting));
    }

    [Fact]
    public async Task Queue_that_is_removed_lets_all_in_and_one_that_comes_back_counts_them()
    {
        var run = new QueueRun(concurrent: 1);
        run.Enter();
        var waiting = run.EnterMany(5, n: 2);

        run.Queue.Configure(null);
        await Task.WhenAll(waiting.Select(e => e.Answer));
        Assert.Equal((11, 0), (run.Queue.Running, run.Queue.Waiting));

        run.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 11 });
        Assert.False(run.Enter().Answer.IsCompleted);
    }

    [Fact]
    public async Task Shorter_longest_wait_holds_for_those_who_wait_already()
    {
        var run = new QueueRun(concurrent: 1, maxWait: 1000);
        run.Enter();
        var waiting = run.Enter();
        run.Time.Advance(TimeSpan.FromSeconds(20));

        run.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 1, MaxWait = 5 });
        run.Time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Equal(ErrorCause.QueueTimeout, (await waiting.EndAsync())!.Cause);
    }

    [Fact]
    public async Task Shorter_longest_wait_holds_for_those_who_come_when_nobody_waits_any_more()
    {
        var run = new QueueRun(concurrent: 1, maxWait: 1000);
        var first = run.Enter();
        var second = run.Enter();
        first.Exchange.LeaveQueue();
        Assert.Null(await second.EndAsync());

        run.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 1, MaxWait = 5 });
        var third = run.Enter();
        run.Time.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(ErrorCause.QueueTimeout, (await third.EndAsync())!.Cause);
    }

    [Fact]
    public async Task Requests_that_come_leave_and_end_at_the_same_time_never_exceed_the_limit_and_leave_nothing()
    {
        const int Limit = 5;
        var run = new QueueRun(Limit, waiting: 1000);
        var served = 0;
        var most = 0;

        await Task.WhenAll(Enumerable.Range(0, 32).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < 300; i++)
            {
                using var aborted = new CancellationTokenSource();
                var request = QueueRun.Request($"{worker % 7}", worker % 3, n: 1 + (worker % 4), aborted.Token);
                var entering = run.Queue.EnterAsync(request, run.Draining.Token);
                if (random.Next(5) == 0)
                {
                    await aborted.CancelAsync();
                }

                if (await entering is null)
                {
                    Interlocked.Increment(ref served);
                    InterlockedMax(ref most, run.Queue.Running);
                    if (random.Next(2) == 0)
                    {
                        await Task.Yield();
                    }

                    request.LeaveQueue();
                }
            }
        })));

        Assert.InRange(most, 1, Limit);
        Assert.InRange(served, 32 * 300 / 2, 32 * 300);
        Assert.Equal((0, 0), (run.Queue.Running, run.Queue.Waiting));
    }

    private static void EnterAndLeave(QueueRun run, Exchange request, int times)
    {
        var stopping = run.Draining.Token;
        for (var i = 0; i < times; i++)
        {
            var entering = run.Queue.EnterAsync(request, stopping);
            Assert.True(entering.IsCompletedSuccessfully);
            request.LeaveQueue();
        }
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }
}
