using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Routing.Policies;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Targets;

/// <summary>A target of one configuration, with what is live about it.</summary>
/// <param name="Model">As configured.</param>
/// <param name="Backend">Its backend at work.</param>
/// <param name="State">Its health and load, which survive a reload that leaves its backend and model there unchanged.</param>
internal sealed record RoutedTarget(TargetModel Model, BackendState Backend, TargetState State)
{
    /// <summary>Its name to <see cref="StickyPolicy"/>: what it is, not where it stands in the list, and the same in every process.</summary>
    public ulong SessionHash { get; } = Policies.SessionHash.Of(
        $"{Model.Backend.Name}\n{Model.Config.Model}\n{Model.Config.Lora?.Name}\n{Model.Config.Lora?.Id}");

    /// <summary>
    /// Whether it may be asked at all, however it is: it has a share, keeps what the request refers to, and has a WebSocket where the
    /// request came over one.
    /// </summary>
    public bool MayAnswer(Exchange exchange) =>
        Model.Config.Weight > 0 && (exchange.PinnedBackend ?? Model.Backend.Name) == Model.Backend.Name &&
        (exchange.Turn is null || Backend.Backend.Speaks(exchange.Operation));
}
