using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Of two by chance, the one whose answers begin sooner (<see cref="PeakEwma"/>), times what it has to do for its weight. Streams go by
/// their time to the first event, whole answers by their time to the end. A target of which nothing is known counts as quick as the other.
/// </summary>
internal sealed class LatencyPolicy(Random random) : ITargetPolicy
{
    /// <summary>
    /// The share of requests that each target gets whatever its latency, so that it is noticed when it has become quick again: enough
    /// for 1 % of any 10,000 (four standard deviations above it).
    /// </summary>
    private const double Explored = 0.015;

    /// <summary>No more than this is spent on it altogether: with more than 33 targets each gets half of an even share.</summary>
    private const double MostExplored = 0.5;

    /// <summary>A target has to be better by this factor: measured times are never quite alike, and small differences say nothing.</summary>
    private const double Better = 1.25;

    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange)
    {
        if (random.NextDouble() < Math.Min(Explored * candidates.Length, MostExplored))
        {
            return candidates[random.Next(candidates.Length)];
        }

        var (first, second) = WeightedDraw.Two(candidates, random);
        var (firstSeconds, secondSeconds) = (Seconds(first, exchange), Seconds(second, exchange));
        var (firstBusy, secondBusy) = (first.State.Load.Busy, second.State.Load.Busy);
        var firstCost = (firstSeconds ?? secondSeconds ?? 1) * RelativeLoad.Of(first, firstBusy, secondBusy);
        var secondCost = (secondSeconds ?? firstSeconds ?? 1) * RelativeLoad.Of(second, secondBusy, firstBusy);
        return secondCost * Better < firstCost ? second : first;
    }

    private static double? Seconds(RoutedTarget target, Exchange exchange) =>
        (exchange.Facts.Stream ? target.State.Load.FirstData : target.State.Load.WholeAnswers).Seconds;
}
