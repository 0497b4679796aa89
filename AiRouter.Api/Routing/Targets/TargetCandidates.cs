using AiRouter.Api.Endpoints;
using AiRouter.Api.Health;

namespace AiRouter.Api.Routing.Targets;

/// <summary>
/// The targets that could answer one request, as they are at one moment. Whoever is out is left alone, unless more than half of a model's
/// targets are (panic threshold): then breakers and probes are ignored within the priority group whose turn it is.
/// </summary>
internal sealed class TargetCandidates
{
    // A bound only: each miss means that another request has just changed something.
    private const int MostMisses = 8;

    private readonly Candidate[] _all;
    private readonly RoutedTarget[] _chosen;
    private readonly int _count;
    private readonly bool _asksThoseOut;
    private bool _isPanic;

    /// <summary>Looks at the targets of a model.</summary>
    /// <param name="exchange">The request; its <see cref="Exchange.PinnedBackend"/> leaves targets of that backend only.</param>
    /// <param name="route">The model that answers.</param>
    /// <param name="asksThoseOut">False: who is out is left alone in any case, because another model can answer.</param>
    public TargetCandidates(Exchange exchange, ModelRoute route, bool asksThoseOut = true)
    {
        _asksThoseOut = asksThoseOut;
        _all = new Candidate[route.Targets.Length];
        _chosen = new RoutedTarget[route.Targets.Length];
        foreach (var target in route.Targets)
        {
            if (target.MayAnswer(exchange))
            {
                _all[_count++] = new Candidate { Target = target, Standing = target.State.Health.Standing };
            }
        }

        _isPanic = IsPanic();
    }

    /// <summary>How soon a target's turn comes.</summary>
    private enum Turn
    {
        Usable,
        Busy,
        Out,
        AskedForRest,
        Never,
    }

    /// <summary>All of them, with what is known of their health.</summary>
    public IEnumerable<(RoutedTarget Target, TargetStanding Standing)> All =>
        _all.Take(_count).Select(static c => (c.Target, c.Standing));

    /// <summary>The target is not to be chosen, or not again.</summary>
    public void Remove(RoutedTarget target)
    {
        foreach (ref var candidate in _all.AsSpan(0, _count))
        {
            candidate.IsRemoved |= ReferenceEquals(candidate.Target, target);
        }
    }

    /// <summary>
    /// The attempt did not begin, because another request was quicker: to take the last place at the backend, or the one try of a target
    /// that is half open. So it is looked at anew: a model's only target is asked all the same.
    /// </summary>
    public void Missed(RoutedTarget target)
    {
        foreach (ref var candidate in _all.AsSpan(0, _count))
        {
            if (ReferenceEquals(candidate.Target, target))
            {
                candidate.Standing = target.State.Health.Standing;
                candidate.Misses++;
                candidate.IsRemoved = candidate.Misses == MostMisses;
            }
        }

        _isPanic = IsPanic();
    }

    /// <summary>Whether the target is asked although it is known not to be well.</summary>
    public bool IsLastResort(RoutedTarget target)
    {
        foreach (ref readonly var candidate in _all.AsSpan(0, _count))
        {
            if (ReferenceEquals(candidate.Target, target))
            {
                return !candidate.Standing.IsUsable;
            }
        }

        return false;
    }

    /// <summary>Those that the policy chooses from; empty: nobody may be asked. Valid until the next call.</summary>
    public ReadOnlySpan<RoutedTarget> Best()
    {
        var best = (Turn: Turn.Never, Priority: int.MaxValue);
        foreach (ref readonly var candidate in _all.AsSpan(0, _count))
        {
            var place = (TurnOf(candidate), candidate.Target.Model.Config.Priority);
            best = place.CompareTo(best) < 0 ? place : best;
        }

        var count = 0;
        foreach (ref readonly var candidate in _all.AsSpan(0, _count))
        {
            var turn = TurnOf(candidate);
            if (turn != Turn.Never && candidate.Target.Model.Config.Priority == best.Priority &&
                (turn == best.Turn || (turn == Turn.Out && best.Turn == Turn.Usable)))
            {
                _chosen[count++] = candidate.Target;
            }
        }

        return _chosen.AsSpan(0, count);
    }

    private bool IsPanic()
    {
        var areOut = 0;
        foreach (ref readonly var candidate in _all.AsSpan(0, _count))
        {
            areOut += candidate.Standing.IsOut ? 1 : 0;
        }

        return _asksThoseOut && areOut * 2 > _count;
    }

    private Turn TurnOf(in Candidate candidate)
    {
        var standing = candidate.Standing;
        return candidate.IsRemoved || !candidate.Target.Backend.HasRoom ? Turn.Never
            : standing.IsUsable ? Turn.Usable
            : standing is { IsOut: false, Rest: TargetRest.Guessed } ? Turn.Busy
            : !_isPanic ? Turn.Never
            : standing.Rest == TargetRest.Asked ? Turn.AskedForRest
            : Turn.Out;
    }

    private struct Candidate
    {
        public RoutedTarget Target;
        public TargetStanding Standing;
        public bool IsRemoved;
        public int Misses;
    }
}
