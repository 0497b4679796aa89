using AiRouter.Api.Routing.Failover;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Routing.Failover.FailoverRouter;

namespace AiRouter.Tests.Routing.Failover;

/// <summary>A model with one target, which is asked again; and when nobody is asked again.</summary>
public sealed class SameTargetTests
{
    private const string Path = "/v1/chat/completions";

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task Only_target_is_asked_again(int status)
    {
        var calls = 0;
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => Interlocked.Increment(ref calls) < 3 ? call.JsonAsync("{}", status) : AnswerAsync(call));
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 0.01 }");

        var response = await RawHttp.PostAsync(router.Root, Path, Ask);

        Assert.Equal((200, "3"), (response.Status, response.Header("x-airouter-attempts")));
    }

    [Fact]
    public async Task No_target_is_asked_twice_while_the_model_has_another()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500));
        await using var worse = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync([bad.Url, worse.Url], "retry: { attempts: 10, backoff: 0.01 }");

        Assert.Equal(503, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Single(bad.Requests);
        Assert.Single(worse.Requests);
    }

    [Fact]
    public async Task R25_only_target_is_asked_once_more_behind_a_reset()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call =>
        {
            call.Reset();
            return Task.CompletedTask;
        });
        await using var router = await StartAsync([upstream.Url], "retry: { attempts: 10, backoff: 0.01 }");

        Assert.Equal(502, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Equal(2, upstream.Requests.Count);
    }

    /// <summary>The HTTP client tries a request of its own accord only while it has not begun to send its body; a POST has.</summary>
    [Fact]
    public async Task Connection_that_the_backend_closes_just_when_it_is_used_again_is_made_good()
    {
        var requests = 0;
        await using var upstream = RawUpstream.Start(async (stream, cancellationToken) =>
        {
            var response = $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {Answer.Length}\r\n\r\n{Answer}";
            Interlocked.Increment(ref requests);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(response), cancellationToken);

            // The second request on the connection is read, and then the connection closes without an answer.
            var buffer = new byte[4096];
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read && !buffer.AsSpan(0, read).Contains((byte)'}'))
            {
            }

            Interlocked.Increment(ref requests);
        });
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 0.01 }");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(200, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        }

        Assert.True(requests > 4, "No connection was used again.");
    }

    [Fact]
    public async Task Retry_after_of_the_only_target_is_passed_on_and_not_slept()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 429, ("Retry-After", "30")));
        await using var router = await StartAsync([upstream.Url]);

        var response = await RawHttp.PostAsync(router.Root, Path, Ask);

        Assert.Equal((429, "30"), (response.Status, response.Header("Retry-After")));
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Backend_that_says_that_a_retry_is_no_use_is_not_asked_again()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 500, ("x-should-retry", "false")));
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 0.01 }");

        Assert.Equal(500, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("x-stainless-timeout: 5\r\n")]
    [InlineData("x-stainless-read-timeout: 5.0\r\n")]
    public async Task No_retry_begins_behind_the_clients_own_deadline(string header)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 20 }");

        var response = await RawHttp.PostAsync(router.Root, Path, Ask, header);

        Assert.Equal(503, response.Status);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task No_retry_begins_later_than_configured()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 20, within: 5 }");

        Assert.Equal(503, (await RawHttp.PostAsync(router.Root, Path, Ask)).Status);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_wait_at_once()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var router = await StartAsync([upstream.Url], "retry: { backoff: 50 }, queue: { concurrentPerReplica: 1 }");
        using var leaves = new CancellationTokenSource();
        var asked = router.Http.PostAsync(
            "chat/completions", new StringContent(Ask, System.Text.Encoding.UTF8, "application/json"), leaves.Token);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);

        await Eventually.HoldsAsync(() => router.Route().State.Queue.Running == 0);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task Budget_of_retries_ends_them()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync("{}", 503));
        await using var good = await GoodAsync();
        await using var router = await StartAsync(
            [bad.Url, good.Url], "retry: { budget: 0.2, minPerSecond: 0 }", backend: "breaker: { enabled: false }");
        var answered = 0;
        for (var i = 0; i < 20; i++)
        {
            answered += (await RawHttp.PostAsync(router.Root, Path, Ask)).Status == 200 ? 1 : 0;
        }

        // One for five requests; the first four have none.
        Assert.Equal(4, answered);
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.2)]
    [InlineData(5, 1.6)]
    public void Wait_doubles_and_is_spread_over_its_upper_half(int repeat, double longest)
    {
        var random = new Random(1);
        var waits = Enumerable.Range(0, 1000)
            .Select(_ => Backoff.Next(new RetryConfig(), repeat, retryAfter: null, random)!.Value.TotalSeconds).ToList();

        Assert.InRange(waits.Min(), longest / 2, longest * 0.51);
        Assert.InRange(waits.Max(), longest * 0.99, longest);
    }

    [Fact]
    public void Wait_is_no_shorter_than_a_backend_asks_for_and_there_is_none_where_it_asks_for_more()
    {
        var config = new RetryConfig { Backoff = 1 };

        Assert.Equal(TimeSpan.FromSeconds(1), Backoff.Next(config, 1, TimeSpan.FromSeconds(1), new Random(1)));
        Assert.Null(Backoff.Next(config, 1, TimeSpan.FromSeconds(2), new Random(1)));
    }
}
