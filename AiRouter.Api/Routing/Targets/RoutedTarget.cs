using AiRouter.Api.Backends;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Targets;

/// <summary>A target of one configuration, with what is live about it.</summary>
/// <param name="Model">As configured.</param>
/// <param name="Backend">Its backend at work.</param>
/// <param name="State">Its health and load, which survive a reload that leaves its backend and model there unchanged.</param>
internal sealed record RoutedTarget(TargetModel Model, BackendState Backend, TargetState State);
