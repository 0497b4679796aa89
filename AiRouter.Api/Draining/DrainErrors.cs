using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Draining;

/// <summary>What clients are told when the router stops.</summary>
internal static class DrainErrors
{
    /// <summary>The request was not begun.</summary>
    public static readonly ApiError Refused = new(
        ErrorCause.Draining, "This router is shutting down. Please try again: another one will answer.");

    /// <summary>The request was begun, and not ended in time.</summary>
    public static readonly ApiError CutOff = new(
        ErrorCause.Draining, "This router is shutting down, and the answer was not complete in time. Please try again.");

    /// <summary>The client has gone.</summary>
    public static readonly ApiError ClientGone = new(ErrorCause.ClientGone, "The client has gone.");

    /// <summary>Why a request is not begun any more, or null.</summary>
    public static ApiError? Refuse(Drain drain) => drain.HasBegun ? Refused : null;

    /// <summary>What a step has said, which may have taken a cut for the client's going.</summary>
    public static ApiError? Name(Exchange exchange, ApiError? error) =>
        error is { Cause: ErrorCause.ClientGone } ? exchange.BrokenOff ?? error : error;
}
