using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Health;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Health;

/// <summary>Who is asked, with some targets out, resting or full. Nothing is sent.</summary>
public sealed class TargetChoiceTests : IAsyncLifetime
{
    private const string Model = "m";

    private readonly FakeTimeProvider _time = new();
    private RunningRouter? _router;
    private RouterState? _state;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_router is not null)
        {
            await _router.DisposeAsync();
        }
    }

    [Theory]
    [InlineData(2, 1, "1")]
    [InlineData(3, 1, "1 2")]
    [InlineData(4, 2, "2 3")]
    [InlineData(1, 1, "0")]
    [InlineData(2, 2, "0 1")]
    [InlineData(3, 2, "0 1 2")]
    [InlineData(5, 3, "0 1 2 3 4")]
    public async Task Targets_that_are_out_are_asked_only_when_more_than_half_are(int targets, int areOut, string asked)
    {
        await StartAsync([.. Enumerable.Repeat(1, targets)]);
        for (var i = 0; i < areOut; i++)
        {
            Break(i);
        }

        Assert.Equal(asked, Asked());
    }

    [Fact]
    public async Task Backends_whose_probes_fail_count_as_out()
    {
        await StartAsync(1, 1, 1);
        Health(0).Probed(false);
        Assert.Equal("1 2", Asked());
        Health(1).Probed(false);
        Assert.Equal("0 1 2", Asked());
    }

    [Fact]
    public async Task Next_priority_group_is_asked_before_those_that_are_out()
    {
        await StartAsync(1, 1, 2);
        Break(0);
        Assert.Equal("1", Asked());
        Break(1);
        Assert.Equal("2", Asked());
        Break(2);
        Assert.Equal("0 1", Asked());
    }

    [Fact]
    public async Task Target_that_asked_for_rest_gets_it_and_the_refusal_says_until_when()
    {
        await StartAsync(1, 1);
        Rest(0, 7);
        Assert.Equal("1", Asked());
        Rest(1, 4);
        Assert.Equal("", Asked());
        Assert.Equal(new NobodyUsable(false, TimeSpan.FromSeconds(4)), TargetSelector.WhyNobody(NewExchange(), Route));
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal("1", Asked());
    }

    [Fact]
    public async Task Target_that_only_refused_is_asked_when_nobody_else_is_left()
    {
        await StartAsync(1, 1);
        Rest(0, null);
        Assert.Equal("1", Asked());
        Rest(1, null);
        Assert.Equal("0 1", Asked());
    }

    [Fact]
    public async Task One_that_is_out_is_asked_before_one_that_asked_for_rest_and_that_one_at_last()
    {
        await StartAsync(1, 1, 1);
        Break(0);
        Break(1);
        Rest(2, 30);
        Assert.Equal("0 1", Asked());
        Assert.Equal("2", Asked(tried: Route.Targets[..2]));
    }

    [Fact]
    public async Task Target_is_not_tried_twice()
    {
        await StartAsync(1, 1, 1);
        Assert.Equal("1 2", Asked(tried: [Route.Targets[0]]));
        Assert.Equal("", Asked(tried: Route.Targets));
    }

    [Fact]
    public async Task Only_the_backend_that_keeps_an_object_is_asked_even_if_out()
    {
        await StartAsync(1, 1, 1);
        Break(1);
        var exchange = NewExchange();
        exchange.PinnedBackend = "b1";
        using var attempt = TargetSelector.TryBegin(exchange, Route, []);
        Assert.Equal(1, attempt!.Target.Model.Index);
    }

    [Fact]
    public async Task Half_open_target_gets_one_request_and_the_others_go_elsewhere()
    {
        await StartAsync(1, 2);
        Break(0);
        _time.Advance(TimeSpan.FromSeconds(5));
        using (var trial = Begin())
        {
            Assert.Equal(0, trial!.Target.Model.Index);
            Assert.Equal("1", Asked());
        }

        // Its client left: the next one tries.
        using (var trial = Begin())
        {
            Assert.Equal(0, trial!.Target.Model.Index);
            trial.End(TargetOutcome.Success);
        }

        Assert.Equal("0", Asked());
    }

    [Fact]
    public async Task Full_backend_is_passed_over_and_when_all_are_full_that_is_said()
    {
        await StartAsync(1, 1);
        using var one = Begin();
        using var other = Begin();
        Assert.NotEqual(one!.Target, other!.Target);
        Assert.Null(Begin());
        Assert.Equal(new NobodyUsable(true, null), TargetSelector.WhyNobody(NewExchange(), Route));
        one.End(TargetOutcome.Success);
        one.End(TargetOutcome.Failure);
        using var next = Begin();
        Assert.Equal(one.Target, next!.Target);
        Assert.Null(Begin());
    }

    [Fact]
    public async Task Only_target_is_asked_too_when_another_request_is_quicker_to_try_it()
    {
        await StartAsync(1);
        Break(0);
        _time.Advance(TimeSpan.FromSeconds(6));
        var candidates = new TargetCandidates(NewExchange(), Route);
        var target = candidates.Best()[0];
        Assert.False(candidates.IsLastResort(target));
        Assert.True(Health(0).TryBegin(false, out _));

        candidates.Missed(target);

        Assert.Same(target, Assert.Single(candidates.Best().ToArray()));
        Assert.True(candidates.IsLastResort(target));
    }

    private ModelRoute Route => _state!.Routes[Model];

    private async Task StartAsync(params int[] priorities)
    {
        var config = new RouterConfig
        {
            Backends = priorities.Select((_, i) => $"b{i}").ToDictionary(
                name => name,
                _ => new BackendConfig
                {
                    Url = new Uri("http://127.0.0.1:9/v1"),
                    MaxRequestsPerReplica = 1,
                    Breaker = new BreakerConfig { Failures = 1, Open = 5 },
                }),
            Models = new Dictionary<string, ModelConfig>
            {
                [Model] = new()
                {
                    Targets = [.. priorities.Select((priority, i) => new TargetConfig { Backend = $"b{i}", Priority = priority })],
                },
            },
        };
        _router = await RunningRouter.StartAsync(
            config, services => services.AddSingleton(new RouteServices(_time, new FixedRandom(0))));
        _state = _router.Services.GetRequiredService<RouterStates>().Current;
    }

    private TargetHealth Health(int index) => Route.Targets[index].State.Health;

    private void Break(int index) => Report(index, TargetOutcome.Failure, null);

    private void Rest(int index, int? seconds) =>
        Report(index, TargetOutcome.Overloaded, seconds is { } s ? TimeSpan.FromSeconds(s) : null);

    private void Report(int index, TargetOutcome outcome, TimeSpan? coolDown)
    {
        Assert.True(Health(index).TryBegin(true, out var ticket));
        Health(index).Report(ticket, outcome, coolDown);
    }

    private TargetAttempt? Begin() => TargetSelector.TryBegin(NewExchange(), Route, []);

    /// <summary>The targets that the policy may choose from.</summary>
    private string Asked(IReadOnlyCollection<RoutedTarget>? tried = null)
    {
        var candidates = new TargetCandidates(NewExchange(), Route);
        foreach (var target in tried ?? [])
        {
            candidates.Remove(target);
        }

        return string.Join(' ', candidates.Best().ToArray().Select(target => target.Model.Index));
    }

    private Exchange NewExchange() => new(new DefaultHttpContext(), OperationTable.WithModel[0], _state!, "id");
}
