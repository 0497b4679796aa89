using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Of two by chance, the one with less to do for its weight. Two, because replicas that all took the least busy one of all would run
/// after each other; two by chance come close to the best without that ("power of two choices").
/// </summary>
internal sealed class LeastBusyPolicy(Random random) : ITargetPolicy
{
    /// <inheritdoc/>
    public RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange)
    {
        var (first, second) = WeightedDraw.Two(candidates, random);
        var (firstBusy, secondBusy) = (first.State.Load.Busy, second.State.Load.Busy);
        return RelativeLoad.Of(second, secondBusy, firstBusy) < RelativeLoad.Of(first, firstBusy, secondBusy) ? second : first;
    }
}
