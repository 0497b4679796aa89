using System.Net.WebSockets;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets;

/// <summary>What both sides are told when a session ends that neither of them has closed.</summary>
/// <param name="Event">The client's last event; null: nobody is there to read it.</param>
/// <param name="ToClient">The close frame's code for the client.</param>
/// <param name="ToBackend">The close frame's code for the backend.</param>
/// <param name="Error">Why the session failed; null: it did not.</param>
internal sealed record Farewell(byte[]? Event, WebSocketCloseStatus ToClient, WebSocketCloseStatus ToBackend, ApiError? Error)
{
    private const string Invalid = "invalid_request_error";
    private const string Server = "server_error";

    // Service restart: what is asked again goes to what is configured now.
    private const WebSocketCloseStatus Restart = (WebSocketCloseStatus)1012;

    /// <summary>The words for an end.</summary>
    public static Farewell Of(SessionEnd end, SessionState state, ISessionKind kind, RealtimeConfig limits) => end switch
    {
        SessionEnd.ClientGone => new Farewell(
            null, WebSocketCloseStatus.Empty, WebSocketCloseStatus.EndpointUnavailable, DrainErrors.ClientGone),
        SessionEnd.BackendGone => Gone(kind),
        SessionEnd.TimeOver => Over(
            kind, kind.ExpiredCode,
            FormattableString.Invariant($"This session has lasted for {state.Most.TotalSeconds} s, which is as long as one may."),
            WebSocketCloseStatus.NormalClosure),
        SessionEnd.Silent => Over(
            kind, "session_idle",
            FormattableString.Invariant($"This session has ended because nothing was sent in it for {limits.IdleSeconds} s."),
            WebSocketCloseStatus.NormalClosure),
        SessionEnd.TooMuch => Over(
            kind, "session_too_large",
            FormattableString.Invariant($"This session has ended because more than {limits.MaxMiB} MiB were sent in it."),
            WebSocketCloseStatus.PolicyViolation),
        SessionEnd.KeyEnded => KeyEnded(kind),
        SessionEnd.Draining => new Farewell(
            Told(kind, Server, DrainErrors.CutOff), WebSocketCloseStatus.EndpointUnavailable, WebSocketCloseStatus.EndpointUnavailable,
            DrainErrors.CutOff),
        SessionEnd.Stopping => new Farewell(
            Told(kind, Server, DrainErrors.Refused), WebSocketCloseStatus.EndpointUnavailable, WebSocketCloseStatus.EndpointUnavailable,
            null),
        SessionEnd.BackendSlow => new Farewell(
            null, WebSocketCloseStatus.InternalServerError, WebSocketCloseStatus.NormalClosure, null),
        SessionEnd.Unserved => new Farewell(null, WebSocketCloseStatus.PolicyViolation, WebSocketCloseStatus.NormalClosure, null),
        SessionEnd.BackendChanged => new Farewell(null, Restart, WebSocketCloseStatus.NormalClosure, null),
        _ => new Farewell(null, WebSocketCloseStatus.NormalClosure, WebSocketCloseStatus.NormalClosure, null),
    };

    private static Farewell KeyEnded(ISessionKind kind)
    {
        var error = new ApiError(ErrorCause.InvalidKey, "This session has ended because its API key does not work any more.");
        return new Farewell(
            Told(kind, Invalid, error), WebSocketCloseStatus.PolicyViolation, WebSocketCloseStatus.NormalClosure, error);
    }

    private static Farewell Gone(ISessionKind kind)
    {
        var error = new ApiError(ErrorCause.BackendStreamBroken, "The backend's connection broke off in the middle of the session.")
        {
            Stage = AttemptStage.Answered,
        };
        return new Farewell(
            Told(kind, Server, error), WebSocketCloseStatus.InternalServerError, WebSocketCloseStatus.Empty, error);
    }

    private static byte[] Told(ISessionKind kind, string type, ApiError error) =>
        kind.Error(type, ErrorTable.For(error.Cause).Code!, error.Message, error.EffectiveStatus);

    private static Farewell Over(ISessionKind kind, string code, string message, WebSocketCloseStatus toClient) =>
        new(kind.Error(Invalid, code, message, StatusCodes.Status400BadRequest), toClient, WebSocketCloseStatus.NormalClosure, null);
}
