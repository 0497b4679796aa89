using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>By chance, in proportion to the weights.</summary>
internal sealed class WeightedPolicy(Random random) : ITargetPolicy
{
    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange)
    {
        var total = 0;
        foreach (var candidate in candidates)
        {
            total += candidate.Model.Config.Weight;
        }

        var pick = random.Next(total);
        foreach (var candidate in candidates)
        {
            pick -= candidate.Model.Config.Weight;
            if (pick < 0)
            {
                return candidate;
            }
        }

        return candidates[^1];
    }
}
