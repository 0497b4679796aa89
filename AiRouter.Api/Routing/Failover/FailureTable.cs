using AiRouter.Api.Errors;
using AiRouter.Api.Health;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Routing.Failover;

/// <summary>
/// The one table of what the failure of an attempt means for its target and for the request (R24, R25, R26). A pattern that comes
/// first counts; what no pattern names says nothing about the target, and is not tried again.
/// </summary>
internal static class FailureTable
{
    private static readonly FailureVerdict Nothing = new(TargetOutcome.Unknown, RetryRule.Never);
    private static readonly FailureVerdict Works = new(TargetOutcome.Success, RetryRule.Never);
    private static readonly FailureVerdict Broken = new(TargetOutcome.Failure, RetryRule.Never);
    private static readonly FailureVerdict NotSent = new(TargetOutcome.Failure, RetryRule.NotSent);
    private static readonly FailureVerdict Failed = new(TargetOutcome.Failure, RetryRule.Refused);
    private static readonly FailureVerdict Reset = new(TargetOutcome.Failure, RetryRule.Reset);
    private static readonly FailureVerdict TimedOut = new(TargetOutcome.Failure, RetryRule.Timeout);
    private static readonly FailureVerdict Busy = new(TargetOutcome.Overloaded, RetryRule.Refused);
    private static readonly FailureVerdict ClientsOwnLimit = new(TargetOutcome.Success, RetryRule.Refused);

    /// <summary>What <paramref name="error"/> means.</summary>
    /// <param name="error">Why the attempt failed.</param>
    /// <param name="kind">The kind of its backend.</param>
    /// <param name="forwardsCredential">The backend was asked with the client's own credential: its limits are not the target's.</param>
    public static FailureVerdict Judge(ApiError error, BackendKind kind, bool forwardsCredential) => (error.Stage, error.Cause, kind) switch
    {
        // The router refused it, or nobody waits for it any more.
        (_, ErrorCause.ClientGone, _) or (AttemptStage.None, _, _) => Nothing,
        (AttemptStage.Connecting, _, _) => NotSent,

        // The backend's own pace: its deadline, or a 504 of something between.
        (_, ErrorCause.BackendTimeout, _) => TimedOut,
        (AttemptStage.Sent, ErrorCause.BackendUnreachable or ErrorCause.BackendStreamBroken, _) => Reset,

        // 429, and Triton's full queue: it works, and has too much to do. 503 and 529 are failures.
        (_, ErrorCause.BackendOverloaded, not BackendKind.Triton) => error.EffectiveStatus switch
        {
            429 when forwardsCredential => ClientsOwnLimit,
            429 => Busy,
            _ => Failed,
        },
        (_, ErrorCause.BackendOverloaded, BackendKind.Triton) => Busy,
        (_, ErrorCause.BackendQuota, _) => Busy,
        (_, ErrorCause.BackendUnavailable, _) => Failed,

        // R24: the operator's fault, which another target does not mend, and no sign of bad health.
        (_, ErrorCause.BackendMisconfigured, _) => Nothing,

        // R25: what Triton says without a class covers bad input too, and so does what the router cannot read of it.
        (_, ErrorCause.BackendError or ErrorCause.BackendProtocol, BackendKind.Triton) => Nothing,
        (_, ErrorCause.BackendStreamBroken, BackendKind.Triton) => Nothing,
        (_, ErrorCause.BackendError, not BackendKind.Triton) => error.EffectiveStatus is 500 or 502 or 503 ? Failed : Broken,
        (_, ErrorCause.BackendStreamBroken, not BackendKind.Triton) => Reset,
        (_, ErrorCause.BackendProtocol, not BackendKind.Triton) => Broken,

        // It read the request and refused it (4xx).
        (_, ErrorCause.BackendRejected or ErrorCause.ContextLengthExceeded, _) => Works,
        _ => Nothing,
    };
}
