using AiRouter.Api.Health;

namespace AiRouter.Api.Routing.Failover;

/// <summary>What the failure of an attempt means.</summary>
/// <param name="Outcome">For its target.</param>
/// <param name="Retry">For the request.</param>
internal readonly record struct FailureVerdict(TargetOutcome Outcome, RetryRule Retry);
