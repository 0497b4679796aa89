using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// The target that last served the same beginning of a prompt, which its engine still has in its KV cache: the longest known beginning
/// counts, so a conversation stays where it is, and a new one goes where its system prompt or its tools are. Passed over when it is busier
/// than the others by <see cref="PrefixConfig.BusyFactor"/>; then, and for what nobody has seen yet, the less busy of two.
/// </summary>
internal sealed class PrefixPolicy(PrefixConfig config, Random random) : ITargetPolicy
{
    private readonly LeastBusyPolicy _otherwise = new(random);
    private readonly PrefixTable _served = new(config.Entries);

    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange)
    {
        var known = _served.FindLongest(PrefixChain.Of(exchange).Ends, candidates);
        return known >= 0 && !IsTooBusy(candidates, known) ? candidates[known] : _otherwise.Choose(candidates, exchange);
    }

    /// <inheritdoc/>
    public void Served(RoutedTarget target, Exchange exchange) => _served.Remember(PrefixChain.Of(exchange).Ends, target.State);

    // Each with one request more, so that a single one is no reason to leave where nobody has anything to do.
    private bool IsTooBusy(ReadOnlySpan<RoutedTarget> candidates, int known)
    {
        var (busy, weights) = (0.0, 0);
        foreach (var candidate in candidates)
        {
            busy += candidate.State.Load.Busy + 1;
            weights += candidate.Model.Config.Weight;
        }

        var own = candidates[known].State.Load.Busy + 1;
        var ownWeight = candidates[known].Model.Config.Weight;
        return own / ownWeight > config.BusyFactor * (busy - own) / (weights - ownWeight);
    }
}
