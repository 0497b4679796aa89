using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// One after the other, each as often as its weight says, and heavy ones not in a row (smooth weighted round robin, as in nginx: weights
/// 5, 1, 1 give a a b a c a a). Turns belong to the targets: one that is out keeps its own, and the others go on in proportion.
/// </summary>
internal sealed class RoundRobinPolicy : ITargetPolicy
{
    // Held for one addition per target: the turns of one request must not mix with another's.
    private readonly Lock _turns = new();

    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange)
    {
        lock (_turns)
        {
            var total = 0;
            var next = candidates[0];
            foreach (var candidate in candidates)
            {
                var weight = candidate.Model.Config.Weight;
                total += weight;
                candidate.State.Turn += weight;
                if (candidate.State.Turn > next.State.Turn)
                {
                    next = candidate;
                }
            }

            next.State.Turn -= total;
            return next;
        }
    }
}
