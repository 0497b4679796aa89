using System.Collections.Concurrent;
using System.Net;
using AiRouter.Api.Backends;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Routing.Targets;

/// <summary>What a reload leaves alone, and what it ends.</summary>
public sealed class ReloadTests
{
    private const string Answer =
        """{"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reloads_every_50_ms_fail_no_request_and_leave_nothing_behind()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await Task.Delay(Random.Shared.Next(30), call.Ended);
            if (!call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal))
            {
                await call.JsonAsync(Answer);
                return;
            }

            await call.EventsAsync(
                """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}""" + "\n\n",
                """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n",
                "data: [DONE]\n\n");
        });
        var router = await RunningRouter.StartAsync(Version(upstream, 0), CountedBackends.Use);
        var backends = router.Services.GetRequiredService<CountedBackends>();
        var seen = new ConcurrentDictionary<ModelState, bool>();
        var targets = new ConcurrentDictionary<TargetState, bool>();
        try
        {
            using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
            var clients = Enumerable.Range(0, 12).Select(i => PostUntilAsync(router, streams: i % 2 == 0, done.Token)).ToArray();
            using (var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50)))
            {
                for (var version = 1; version <= 60 && await timer.WaitForNextTickAsync(Cancelled); version++)
                {
                    router.Configuration.Update(Version(upstream, version));
                    foreach (var route in router.Services.GetRequiredService<RouterStates>().Routes)
                    {
                        seen[route.State] = true;
                        route.Targets.ToList().ForEach(t => targets[t.State] = true);
                    }
                }
            }

            await done.CancelAsync();
            var answers = (await Task.WhenAll(clients)).SelectMany(a => a).ToList();

            Assert.All(answers, static a => Assert.Equal("200", a));
            Assert.InRange(answers.Count, 60, int.MaxValue);

            // Nearly every version has a backend of its own; only those of the last are left.
            Assert.InRange(backends.Opened, 10, int.MaxValue);
            await Eventually.HoldsAsync(() => backends.Open <= 2);
            await Eventually.HoldsAsync(() => seen.Keys.All(s => (s.Queue.Running, s.Queue.Waiting) == (0, 0)));
            await Eventually.HoldsAsync(() => targets.Keys.All(t => t.Load.InFlight == 0));
        }
        finally
        {
            await router.DisposeAsync();
        }

        Assert.Equal(0, backends.Open);
    }

    [Fact]
    public async Task Configuration_that_comes_while_the_router_ends_opens_nothing()
    {
        await using var router = await RunningRouter.StartAsync(new RouterConfig());
        var late = new LateConfiguration();
        var states = new RouterStates(
            late, router.Services.GetServices<IBackendFactory>(), router.Services.GetRequiredService<RouteServices>(),
            NullLogger<RouterStates>.Instance);

        await states.DisposeAsync();
        late.Tell!(router.Configuration.Current!);

        Assert.Null(states.Current);
    }

    [Fact]
    public async Task Unchanged_targets_and_models_keep_their_live_state()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(Version(upstream, 0));
        var before = Route(router, "m");

        // Version 4 has the same backend b, another a, and other limits of the queue.
        router.Configuration.Update(Version(upstream, 4));
        var after = Route(router, "m");

        Assert.Same(before.State.Queue, after.State.Queue);
        Assert.Same(before.State.Policy, after.State.Policy);
        Assert.Same(State(before, "b"), State(after, "b"));
        Assert.NotSame(State(before, "a"), State(after, "a"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_that_waits_while_its_model_goes_is_served_from_the_configuration_it_began_with(bool isRenamed)
    {
        using var goesOn = new SemaphoreSlim(0);
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await goesOn.WaitAsync(call.Ended);
            await call.JsonAsync(Answer);
        });
        var config = Version(upstream, 0);
        config = config with
        {
            Models = new Dictionary<string, ModelConfig>
            {
                ["m"] = config.Models["m"] with { Queue = new QueueConfig { ConcurrentPerReplica = 1 } },
            },
        };
        await using var router = await RunningRouter.StartAsync(config, CountedBackends.Use);
        var backends = router.Services.GetRequiredService<CountedBackends>();
        var queue = Route(router, "m").State.Queue;
        var running = PostAsync(router);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);
        var waiting = PostAsync(router);
        await Eventually.HoldsAsync(() => queue.Waiting == 1);

        router.Configuration.Update(isRenamed
            ? config with { Models = new Dictionary<string, ModelConfig> { ["n"] = config.Models["m"] } }
            : new RouterConfig());
        Assert.Equal("404", await PostAsync(router));
        goesOn.Release(2);

        Assert.Equal(("200", "200"), (await running, await waiting));
        await Eventually.HoldsAsync(() => (queue.Running, queue.Waiting) == (0, 0));
        if (!isRenamed)
        {
            // Its backends went with the last request.
            await Eventually.HoldsAsync(() => backends.Open == 0);
        }
    }

    [Fact]
    public async Task Backend_that_is_removed_ends_what_is_under_way_and_closes_then()
    {
        using var goesOn = new SemaphoreSlim(0);
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await goesOn.WaitAsync(call.Ended);
            await call.JsonAsync(Answer);
        });
        await using var router = await RunningRouter.StartAsync(Version(upstream, 0), CountedBackends.Use);
        var backends = router.Services.GetRequiredService<CountedBackends>();
        var running = PostAsync(router);
        await Eventually.HoldsAsync(() => upstream.Requests.Count == 1);

        router.Configuration.Update(new RouterConfig());
        Assert.Equal(1, backends.Open);
        goesOn.Release();

        Assert.Equal("200", await running);
        await Eventually.HoldsAsync(() => backends.Open == 0);
    }

    /// <summary>A configuration that always has the model "m"; what it hangs on changes with the version.</summary>
    private static RouterConfig Version(ScriptedUpstream upstream, int version)
    {
        var names = (version % 4) switch { 0 => "ab", 1 => "bc", 2 => "b", _ => "ac" };
        var backend = new BackendConfig { Kind = BackendKind.OpenAi, Url = upstream.Url };
        return new RouterConfig
        {
            Backends = names.ToDictionary(
                n => $"{n}", n => n == 'b' ? backend : backend with { Timeouts = new TimeoutsConfig { Total = 100 + version } }),
            Models = new Dictionary<string, ModelConfig>
            {
                ["m"] = new()
                {
                    Targets = [.. names.Select(n => new TargetConfig { Backend = $"{n}" })],
                    Queue = (version % 3) switch
                    {
                        0 => new QueueConfig { ConcurrentPerReplica = 2 },
                        1 => new QueueConfig { ConcurrentPerReplica = 6 },
                        _ => null,
                    },
                },
                [version % 2 == 0 ? "even" : "odd"] = new() { Targets = [new TargetConfig { Backend = $"{names[0]}" }] },
            },
        };
    }

    private static async Task<List<string>> PostUntilAsync(RunningRouter router, bool streams, CancellationToken done)
    {
        var answers = new List<string>();
        while (!done.IsCancellationRequested)
        {
            answers.Add(await PostAsync(router, streams));
        }

        return answers;
    }

    private static async Task<string> PostAsync(RunningRouter router, bool streams = false)
    {
        using var answer = await router.PostAsync(
            "chat/completions",
            $$"""{"model":"m","stream":{{(streams ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}""");
        var body = await answer.Content.ReadAsStringAsync(Cancelled);
        return answer.StatusCode != HttpStatusCode.OK ? $"{(int)answer.StatusCode}"
            : body.EndsWith(streams ? "data: [DONE]\n\n" : "}", StringComparison.Ordinal) ? "200"
            : body;
    }

    private static ModelRoute Route(RunningRouter router, string model) =>
        router.Services.GetRequiredService<RouterStates>().Routes.Single(r => r.Model.Name == model);

    private static TargetState State(ModelRoute route, string backend) =>
        route.Targets.Single(t => t.Model.Backend.Name == backend).State;

    /// <summary>Goes on telling somebody who has ended the subscription, as one does that is just telling him.</summary>
    private sealed class LateConfiguration : IRouterConfiguration
    {
        public RouterModel? Current => null;

        public Action<RouterModel>? Tell { get; private set; }

        public IDisposable OnChange(Action<RouterModel> changed)
        {
            Tell = changed;
            return new CancellationTokenSource();
        }
    }
}
