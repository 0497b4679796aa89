using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>By chance, in proportion to the weights.</summary>
internal sealed class WeightedPolicy(Random random) : ITargetPolicy
{
    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange) =>
        candidates[WeightedDraw.One(candidates, random)];
}
