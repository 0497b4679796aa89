using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Targets;

namespace AiRouter.Api.Routing.Policies;

/// <summary>
/// Chooses among the targets that may be asked now. One small file each; its row in <see cref="PolicyTable"/> says which name it has in
/// the configuration. A policy is shared by all requests of a model and survives reloads that leave it unchanged.
/// </summary>
internal interface ITargetPolicy
{
    /// <summary>One of <paramref name="candidates"/>.</summary>
    /// <param name="candidates">At least two, usable and not tried yet, of one priority group; their weights are above 0.</param>
    /// <param name="exchange">The request.</param>
    RoutedTarget Choose(ReadOnlySpan<RoutedTarget> candidates, Exchange exchange);

    /// <summary>The target has answered the request: what a policy may learn from. Called once, for answers that are whole.</summary>
    void Served(RoutedTarget target, Exchange exchange)
    {
    }
}
