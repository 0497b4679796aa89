using System.Net.WebSockets;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Realtime;

/// <summary>What both sides are told when a session ends that neither of them has closed.</summary>
/// <param name="Event">The client's last event; null: nobody is there to read it.</param>
/// <param name="ToClient">The close frame's code for the client.</param>
/// <param name="ToBackend">The close frame's code for the backend.</param>
/// <param name="Error">Why the session failed; null: it did not.</param>
internal sealed record Farewell(byte[]? Event, WebSocketCloseStatus ToClient, WebSocketCloseStatus ToBackend, ApiError? Error)
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    /// <summary>The words for an end.</summary>
    public static Farewell Of(SessionEnd end, SessionState state, RealtimeConfig limits) => end switch
    {
        SessionEnd.ClientGone => new Farewell(
            null, WebSocketCloseStatus.Empty, WebSocketCloseStatus.EndpointUnavailable, DrainErrors.ClientGone),
        SessionEnd.BackendGone => Gone(),
        SessionEnd.TimeOver => Over(
            "session_expired",
            FormattableString.Invariant($"This session has lasted for {state.Most.TotalSeconds} s, which is as long as one may."),
            WebSocketCloseStatus.NormalClosure),
        SessionEnd.Silent => Over(
            "session_idle",
            FormattableString.Invariant($"This session has ended because nothing was sent in it for {limits.IdleSeconds} s."),
            WebSocketCloseStatus.NormalClosure),
        SessionEnd.TooMuch => Over(
            "session_too_large",
            FormattableString.Invariant($"This session has ended because more than {limits.MaxMiB} MiB were sent in it."),
            WebSocketCloseStatus.PolicyViolation),
        SessionEnd.KeyEnded => Over(
            "invalid_api_key", "This session has ended because its API key does not work any more.",
            WebSocketCloseStatus.PolicyViolation) with
        {
            Error = new ApiError(ErrorCause.InvalidKey, "The key of the session does not work any more."),
        },
        SessionEnd.Draining => new Farewell(
            RealtimeErrors.Event(Server, "shutting_down", DrainErrors.CutOff.Message),
            WebSocketCloseStatus.EndpointUnavailable, WebSocketCloseStatus.EndpointUnavailable, DrainErrors.CutOff),
        _ => new Farewell(null, WebSocketCloseStatus.NormalClosure, WebSocketCloseStatus.NormalClosure, null),
    };

    private static Farewell Gone()
    {
        var error = new ApiError(ErrorCause.BackendStreamBroken, "The backend's connection broke off in the middle of the session.")
        {
            Stage = AttemptStage.Answered,
        };
        return new Farewell(
            RealtimeErrors.Event(Server, "backend_stream_broken", error.Message),
            WebSocketCloseStatus.InternalServerError, WebSocketCloseStatus.Empty, error);
    }

    private static Farewell Over(string code, string message, WebSocketCloseStatus toClient) =>
        new(RealtimeErrors.Event(Invalid, code, message), toClient, WebSocketCloseStatus.NormalClosure, null);
}
