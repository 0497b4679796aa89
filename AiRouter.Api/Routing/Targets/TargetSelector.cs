using AiRouter.Api.Endpoints;
using AiRouter.Api.Health;

namespace AiRouter.Api.Routing.Targets;

/// <summary>Which target a request is sent to: one of those that may be asked now, chosen by the model's policy.</summary>
internal static class TargetSelector
{
    /// <summary>
    /// Chooses a target that has not been tried and begins an attempt at it. Null: nobody may be asked; <see cref="WhyNobody"/> says
    /// until when. The caller ends the attempt, in any case by disposing it.
    /// </summary>
    /// <param name="exchange">The request; its <see cref="Exchange.PinnedBackend"/> leaves targets of that backend only.</param>
    /// <param name="route">The model that answers.</param>
    /// <param name="tried">The targets that are not to be asked again for this request.</param>
    /// <param name="asksThoseOut">Whether those that are out may be asked where more than half are.</param>
    public static TargetAttempt? TryBegin(
        Exchange exchange, ModelRoute route, IReadOnlyCollection<RoutedTarget> tried, bool asksThoseOut = true)
    {
        var candidates = new TargetCandidates(exchange, route, asksThoseOut);
        foreach (var target in tried)
        {
            candidates.Remove(target);
        }

        while (candidates.Best() is { Length: > 0 } best)
        {
            var target = best.Length == 1 ? best[0] : route.State.Policy.Choose(best, exchange);
            if (TryBegin(target, candidates.IsLastResort(target)) is { } attempt)
            {
                return attempt;
            }

            candidates.Missed(target);
        }

        return null;
    }

    /// <summary>Whether one of the model's targets is well and has room.</summary>
    public static bool HasUsable(ModelRoute route)
    {
        foreach (var target in route.Targets)
        {
            if (target.Model.Config.Weight > 0 && target.State.Health.IsUsable && target.Backend.HasRoom)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether nothing is known against any of the model's targets.</summary>
    public static bool AreAllWell(ModelRoute route)
    {
        foreach (var target in route.Targets)
        {
            if (target.State.Health.Standing.Condition != TargetCondition.Closed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Why no target of the model may be asked, and after which time one may at the earliest.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="route">The model that should answer.</param>
    public static NobodyUsable WhyNobody(Exchange exchange, ModelRoute route)
    {
        TimeSpan? earliest = null;
        foreach (var (target, standing) in new TargetCandidates(exchange, route).All)
        {
            if (!target.Backend.HasRoom)
            {
                return new NobodyUsable(true, null);
            }

            // One that is just being tried, or waits for a good probe, may be back at any moment.
            if (standing.UsableIn > TimeSpan.Zero && !(earliest <= standing.UsableIn))
            {
                earliest = standing.UsableIn;
            }
        }

        return new NobodyUsable(false, earliest);
    }

    private static TargetAttempt? TryBegin(RoutedTarget target, bool evenIfOut)
    {
        if (!target.Backend.TryBegin())
        {
            return null;
        }

        if (target.State.Health.TryBegin(evenIfOut, out var ticket))
        {
            return new TargetAttempt(target, ticket);
        }

        target.Backend.End();
        return null;
    }
}
