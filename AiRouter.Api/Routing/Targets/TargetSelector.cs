using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Routing.Targets;

/// <summary>Which targets may be asked now, and which of them the model's policy takes.</summary>
internal static class TargetSelector
{
    /// <summary>A target that has not been tried, of the best priority group that has one; null: nobody may be asked.</summary>
    /// <param name="exchange">The request; its <see cref="Exchange.PinnedBackend"/> leaves targets of that backend only.</param>
    /// <param name="route">The model that answers.</param>
    /// <param name="tried">The targets that have been tried for this request.</param>
    public static RoutedTarget? Choose(Exchange exchange, ModelRoute route, IReadOnlyList<RoutedTarget> tried)
    {
        var candidates = new List<RoutedTarget>(route.Targets.Length);
        foreach (var target in route.Targets)
        {
            if (target.Model.Config.Weight > 0 && target.State.Health.IsUsable && !tried.Contains(target) &&
                (exchange.PinnedBackend is not { } pinned || target.Model.Backend.Name == pinned))
            {
                candidates.Add(target);
            }
        }

        if (candidates.Count == 0)
        {
            return null;
        }

        var best = candidates.Min(c => c.Model.Config.Priority);
        candidates.RemoveAll(c => c.Model.Config.Priority != best);
        return candidates.Count == 1
            ? candidates[0]
            : route.State.Policy.Choose(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(candidates), exchange);
    }
}
