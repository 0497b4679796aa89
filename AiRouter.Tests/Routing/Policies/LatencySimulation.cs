using AiRouter.Api.Routing.Policies;
using AiRouter.Api.Routing.Targets;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Routing.Policies;

/// <summary>Requests at a steady rate on a clock that a test moves; each target takes as long as the test says, give or take a fifth.</summary>
internal sealed class LatencySimulation(FakeTimeProvider time, ITargetPolicy policy, RoutedTarget[] targets, int perSecond)
{
    private readonly PriorityQueue<RequestLoad, DateTimeOffset> _running = new();
    private readonly Random _random = new(11);

    /// <summary>How long a target takes now; for ever: it never answers.</summary>
    public required Func<RoutedTarget, double> Seconds { get; init; }

    /// <summary>How many of so many requests each target gets.</summary>
    public int[] Run(int requests)
    {
        var exchange = PolicyTargets.Request();
        var counts = new int[targets.Length];
        for (var i = 0; i < requests; i++)
        {
            MoveTo(time.GetUtcNow() + TimeSpan.FromSeconds(1.0 / perSecond));
            var target = policy.Choose(targets, exchange);
            counts[Array.IndexOf(targets, target)]++;
            var load = target.State.Load.Begin(streams: false);
            var seconds = Seconds(target) * (0.8 + (0.4 * _random.NextDouble()));
            if (double.IsFinite(seconds))
            {
                _running.Enqueue(load, time.GetUtcNow() + TimeSpan.FromSeconds(seconds));
            }
        }

        return counts;
    }

    /// <summary>Has everything end that is under way and ever ends.</summary>
    public void Finish() => MoveTo(time.GetUtcNow() + TimeSpan.FromHours(1));

    private void MoveTo(DateTimeOffset next)
    {
        while (_running.TryPeek(out _, out var end) && end <= next)
        {
            time.SetUtcNow(end);
            _running.Dequeue().End(answered: true);
        }

        time.SetUtcNow(next);
    }
}
