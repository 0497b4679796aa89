using System.Globalization;
using AiRouter.Api.Errors;
using Microsoft.AspNetCore.Http;

namespace AiRouter.Tests.Queueing;

/// <summary>What <c>Retry-After</c> promises: by then, all that wait now would have been served.</summary>
public sealed class QueuePaceTests
{
    [Theory]
    [InlineData(1, 0.2, 4, 1)] // five times a fifth of a second
    [InlineData(1, 10, 5, 60)] // one after the other, and this one
    [InlineData(4, 10, 7, 20)] // eight in two rounds of four
    [InlineData(10, 100, 39, 400)]
    public async Task Retry_after_is_the_time_in_which_those_who_wait_are_served(int concurrent, double duration, int waiting, int seconds)
    {
        var run = new QueueRun(concurrent, waiting, maxWait: 3600);
        for (var i = 0; i < 5; i++)
        {
            // Places that end one after another, as those of requests do that do not begin together.
            var ended = run.EnterMany(concurrent);
            run.Time.Advance(TimeSpan.FromSeconds(duration));
            Array.ForEach(ended, e => e.Exchange.LeaveQueue());
        }

        run.EnterMany(concurrent + waiting);

        Assert.Equal(seconds, (await run.Enter().Answer)!.RetryAfter!.Value.TotalSeconds, 0.01);
    }

    [Fact]
    public async Task Retry_after_follows_a_model_that_becomes_slower()
    {
        var run = new QueueRun(concurrent: 1, waiting: 9, maxWait: 3600);
        Serve(run, 50, TimeSpan.FromSeconds(0.1));
        Serve(run, 100, TimeSpan.FromSeconds(20));
        run.EnterMany(10);

        Assert.InRange((await run.Enter().Answer)!.RetryAfter!.Value.TotalSeconds, 180, 201);
    }

    [Fact]
    public async Task Retry_after_of_a_model_that_hangs_is_never_a_second()
    {
        var run = new QueueRun(concurrent: 2, waiting: 0);
        Serve(run, 50, TimeSpan.FromSeconds(0.1));
        run.EnterMany(2);
        Assert.Equal(1, await RetryAfterAsync(run));

        run.Time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(180, await RetryAfterAsync(run));

        run.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(600, await RetryAfterAsync(run));
    }

    [Fact]
    public async Task Retry_after_before_any_request_has_ended_is_what_the_first_have_taken_so_far()
    {
        var run = new QueueRun(concurrent: 2, waiting: 0);
        run.Time.Advance(TimeSpan.FromHours(1));
        run.EnterMany(2);
        Assert.Equal(1, await RetryAfterAsync(run));

        run.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(30, await RetryAfterAsync(run));
    }

    [Fact]
    public async Task Sleeping_retry_after_is_enough_where_others_do_not_come()
    {
        var run = new QueueRun(concurrent: 2, waiting: 6, maxWait: 3600);
        Serve(run, 50, TimeSpan.FromSeconds(7));
        var all = run.EnterMany(8).ToList();
        var wait = (await run.Enter().Answer)!.RetryAfter!.Value;
        for (var until = run.Time.GetUtcNow() + wait; run.Time.GetUtcNow() < until;)
        {
            var served = all.Where(e => e.Exchange.Place.Places > 0).ToList();
            Assert.NotEmpty(served);
            run.Time.Advance(TimeSpan.FromSeconds(7));
            served.ForEach(e => e.Exchange.LeaveQueue());
            all.RemoveAll(served.Contains);
            await Task.WhenAll(all.Take(2).Select(e => e.Answer));
        }

        Assert.True(run.Enter().IsServed);
    }

    [Fact]
    public async Task Wait_of_minutes_tells_sdks_not_to_retry_by_themselves()
    {
        var run = new QueueRun(concurrent: 1, waiting: 9, maxWait: 3600);
        Serve(run, 50, TimeSpan.FromSeconds(20));
        run.EnterMany(10);

        var error = (await run.Enter().Answer)!;
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await ErrorResponse.WriteAsync(http, error);

        Assert.Equal("200", http.Response.Headers.RetryAfter);
        Assert.Equal("false", http.Response.Headers["x-should-retry"]);
        Assert.Contains("3m20s", error.Message, StringComparison.Ordinal);
    }

    private static void Serve(QueueRun run, int times, TimeSpan duration)
    {
        for (var i = 0; i < times; i++)
        {
            var served = run.Enter();
            run.Time.Advance(duration);
            served.Exchange.LeaveQueue();
        }
    }

    private static async Task<int> RetryAfterAsync(QueueRun run)
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        await ErrorResponse.WriteAsync(http, (await run.Enter().Answer)!);
        return int.Parse(http.Response.Headers.RetryAfter.ToString(), CultureInfo.InvariantCulture);
    }
}
