using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using AiRouter.Api.Admission;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Queueing;

/// <summary>Requests that wait for a place, over real sockets.</summary>
public sealed class QueuedRequestTests
{
    private const string Chat = """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""";
    private const string Streamed = """{"model":"public-model","stream":true,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Request_waits_for_a_place_and_holds_nothing_of_a_backend_meanwhile()
    {
        await using var held = await HeldRouter.StartAsync(keys: true);
        var first = held.PostAsync(Chat);
        await held.HasRunningAsync(1);
        var second = held.PostAsync(Chat);
        await held.HasWaitingAsync(1);

        Assert.Single(held.Upstream.Requests);
        Assert.Equal(1, held.Reservations);
        Assert.True(held.Router.Services.GetRequiredService<BodyBudget>().Used > 0);

        held.Answer();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        held.Answer();
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        await held.IsEmptyAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Client_that_leaves_while_it_is_served_frees_its_place_at_once(bool streams)
    {
        await using var held = await HeldRouter.StartAsync();
        using var leaves = new CancellationTokenSource();
        var first = held.PostLeavingAsync(streams ? Streamed : Chat, leaves.Token);
        await held.HasRunningAsync(1);
        var second = held.PostAsync(Chat);
        await held.HasWaitingAsync(1);

        await leaves.CancelAsync();
        await held.HasWaitingAsync(0);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await Eventually.HoldsAsync(() => held.Upstream.Requests.Count == 2);

        // Else the answer might still be the first one's.
        await held.Upstream.Requests.First().Aborted.Task.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
        held.Answer();
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
        await held.IsEmptyAsync();
    }

    [Fact]
    public async Task Client_that_leaves_while_it_waits_is_never_sent_to_a_backend()
    {
        await using var held = await HeldRouter.StartAsync();
        var first = held.PostAsync(Chat);
        await held.HasRunningAsync(1);
        using var leaves = new CancellationTokenSource();
        var second = held.PostLeavingAsync(Chat, leaves.Token);
        await held.HasWaitingAsync(1);

        await leaves.CancelAsync();
        await held.HasWaitingAsync(0);
        held.Answer();

        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await held.IsEmptyAsync();
        Assert.Single(held.Upstream.Requests);
    }

    [Fact]
    public async Task Full_queue_is_429_and_one_that_lasts_too_long_503_both_with_retry_after()
    {
        await using var held = await HeldRouter.StartAsync(new QueueConfig { ConcurrentPerReplica = 1, WaitingPerReplica = 1, MaxWait = 3600 });
        var first = held.PostAsync(Chat);
        await held.HasRunningAsync(1);
        var second = held.PostAsync(Chat);
        await held.HasWaitingAsync(1);

        using var full = await held.PostAsync(Chat);
        held.Queue.Configure(new QueueConfig { ConcurrentPerReplica = 1, MaxWait = 0.1 });
        using var late = await second;

        Assert.Equal(HttpStatusCode.TooManyRequests, full.StatusCode);
        Assert.Contains("rate_limit_exceeded", await full.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, late.StatusCode);
        Assert.Contains("server_is_overloaded", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(full.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.True(late.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        held.Answer();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task R27_stream_that_waits_gets_no_200_before_it_has_a_place()
    {
        await using var held = await HeldRouter.StartAsync(
            new QueueConfig { ConcurrentPerReplica = 1, WaitingPerReplica = 1, MaxWait = 2 }, commitAfter: 0.1);
        var first = held.PostAsync(Chat);
        await held.HasRunningAsync(1);
        var started = Stopwatch.GetTimestamp();

        // With a 200 in between it would be a stream that ends in an error.
        using var refused = await held.PostAsync(Streamed);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 1.9, 20);
        held.Answer();
        await first;
    }

    [Fact]
    public async Task Keys_go_by_their_priority()
    {
        await using var held = await HeldRouter.StartAsync(keys: true);
        var first = held.PostAsync(Chat);
        await held.HasRunningAsync(1);
        var low = held.PostAsync(Chat, key: "sk-air-low");
        await held.HasWaitingAsync(1);
        var high = held.PostAsync(Chat, key: "sk-air-high");
        await held.HasWaitingAsync(2);

        held.Answer();
        await first;
        held.Answer();
        await high;
        Assert.False(low.IsCompleted);
        held.Answer();
        await low;
    }

    /// <summary>A router with one place for a model whose backend answers when the test says so.</summary>
    private sealed class HeldRouter : IAsyncDisposable
    {
        private readonly SemaphoreSlim _answers = new(0);

        private HeldRouter(ScriptedUpstream upstream, RunningRouter router)
        {
            Upstream = upstream;
            Router = router;
        }

        public ScriptedUpstream Upstream { get; }

        public RunningRouter Router { get; }

        public int Reservations => Router.Services.GetRequiredService<RunningReservations>().Count;

        public AiRouter.Api.Queueing.ModelQueue Queue => Router.Services.GetRequiredService<AiRouter.Api.Backends.RouterStates>()
            .Routes.Single().State.Queue;

        public static async Task<HeldRouter> StartAsync(QueueConfig? queue = null, bool keys = false, double commitAfter = 10)
        {
            HeldRouter? held = null;
            var upstream = await ScriptedUpstream.StartAsync(async call =>
            {
                await held!._answers.WaitAsync(call.Ended);
                await call.JsonAsync("""{"id":"c","object":"chat.completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""");
            });
            var router = await RunningRouter.StartAsync(
                upstream,
                model: m => m with { Queue = queue ?? new QueueConfig { ConcurrentPerReplica = 1 } },
                config: c => c with
                {
                    Server = c.Server with { CommitAfter = commitAfter },
                    Keys = keys
                        ? [
                            TestConfigs.Key("middle", "sk-air-middle") with { Limits = new LimitsConfig { Concurrent = 10 } },
                            TestConfigs.Key("high", "sk-air-high") with { Priority = 1 },
                            TestConfigs.Key("low", "sk-air-low") with { Priority = -1 },
                        ]
                        : [],
                });
            return held = new HeldRouter(upstream, router);
        }

        public Task<HttpResponseMessage> PostAsync(string json, string key = "sk-air-middle") =>
            SendAsync(json, key, TestContext.Current.CancellationToken);

        public Task<HttpResponseMessage> PostLeavingAsync(string json, CancellationToken leaves) =>
            SendAsync(json, "sk-air-middle", leaves);

        /// <summary>Lets the backend answer one request.</summary>
        public void Answer() => _answers.Release();

        public Task HasRunningAsync(int count) => Eventually.HoldsAsync(() => Queue.Running == count && Upstream.Requests.Count >= count);

        public Task HasWaitingAsync(int count) => Eventually.HoldsAsync(() => Queue.Waiting == count);

        public Task IsEmptyAsync() => Eventually.HoldsAsync(() =>
            (Queue.Running, Queue.Waiting, Reservations, Router.Services.GetRequiredService<BodyBudget>().Used,
                Router.Services.GetRequiredService<KeepAliveClock>().Count) == (0, 0, 0, 0, 0));

        public async ValueTask DisposeAsync()
        {
            await Router.DisposeAsync();
            await Upstream.DisposeAsync();
            _answers.Dispose();
        }

        private async Task<HttpResponseMessage> SendAsync(string json, string key, CancellationToken cancellationToken)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions")
            {
                Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
                Headers = { Authorization = new AuthenticationHeaderValue("Bearer", key) },
            };
            return await Router.Http.SendAsync(request, cancellationToken);
        }
    }
}
