using System.Net.WebSockets;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Realtime;

/// <summary>
/// Answers a request for a realtime session: opens one at the backend, and only then accepts the client's, so that a refusal is an
/// ordinary error and another target can be asked. What follows is <see cref="RealtimeSession"/>'s.
/// </summary>
internal sealed class RealtimeRelay(KeyDirectory keys, TimeProvider time, ILogger<RealtimeSession> logger)
{
    /// <summary>Opens the session and relays it to its end. An error: the client's socket was not accepted.</summary>
    public async ValueTask<ApiError?> RunAsync(Attempt attempt, SocketUpgrade backend, OwnHeaders own)
    {
        var exchange = attempt.Exchange;
        var handshake = new Handshake();
        var request = attempt.CreateRequest(
            RealtimeAddress.For(exchange, attempt.Target), own, content: null, HttpMethods.Get);
        request.Add("OpenAI-Safety-Identifier", exchange.Http.Request.Headers["OpenAI-Safety-Identifier"]);
        handshake.AddTo(request, Subprotocols.For(exchange, attempt.Backend.Credential));
        var (head, answer) = await backend.SendAsync(request, attempt.Deadline.Token);
        attempt.Response = answer;
        exchange.Span?.Answer.Status = answer.Status;
        if (answer.Status != StatusCodes.Status101SwitchingProtocols)
        {
            return answer.IsSuccess
                ? new ApiError(ErrorCause.BackendProtocol, "The backend has no WebSocket here.")
                : await UpstreamErrors.ReadAsync(attempt);
        }

        if (!handshake.IsAnsweredBy(head))
        {
            return new ApiError(ErrorCause.BackendProtocol, "The backend's answer to the upgrade is not a WebSocket's.");
        }

        // Each side is asked whether it is still there as often as a silent stream gets its comment.
        var keepAlive = TimeSpan.FromSeconds(exchange.State.Server.KeepAlive);
        using var there = WebSocket.CreateFromStream(answer.Body, new WebSocketCreationOptions
        {
            KeepAliveInterval = keepAlive,
            KeepAliveTimeout = keepAlive * 2,
        });
        using var here = await exchange.Http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = Subprotocols.Select(exchange.Http.Request, Handshake.ProtocolOf(head)),
            KeepAliveInterval = keepAlive,
            KeepAliveTimeout = keepAlive * 2,
        });
        exchange.NoteFirstData();
        using var session = new RealtimeSession(attempt, here, there, keys, time, logger);
        exchange.Failure = await session.RunAsync();
        return null;
    }
}
