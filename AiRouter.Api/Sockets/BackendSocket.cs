using System.Net.WebSockets;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Sockets;

/// <summary>The backend's end of a session, open.</summary>
/// <param name="Socket">The socket.</param>
/// <param name="Codes">What it runs over.</param>
/// <param name="Protocol">The subprotocol that the backend has chosen; null: none.</param>
internal sealed record BackendSocket(WebSocket Socket, CloseCodeStream Codes, string? Protocol)
{
    /// <summary>
    /// Opens one. What it runs over is <see cref="Attempt.Response"/>, the attempt's to dispose. An error: the backend has refused, so that
    /// another target can be asked.
    /// </summary>
    public static async ValueTask<(BackendSocket? Socket, ApiError? Error)> OpenAsync(
        Attempt attempt, SocketUpgrade upgrade, OwnHeaders own, UpstreamAddress address)
    {
        var exchange = attempt.Exchange;
        var handshake = new Handshake();
        var request = attempt.CreateRequest(address, own, content: null, HttpMethods.Get);
        request.Add("OpenAI-Safety-Identifier", exchange.Http.Request.Headers["OpenAI-Safety-Identifier"]);
        handshake.AddTo(request, Subprotocols.For(exchange, attempt.Backend.Credential));
        var (head, answer) = await upgrade.SendAsync(request, attempt.Deadline.Token);
        attempt.Response = answer;
        exchange.Span?.Answer.Status = answer.Status;
        if (answer.Status != StatusCodes.Status101SwitchingProtocols)
        {
            return (null, answer.IsSuccess
                ? new ApiError(ErrorCause.BackendProtocol, "The backend has no WebSocket here.")
                : await UpstreamErrors.ReadAsync(attempt));
        }

        if (!handshake.IsAnsweredBy(head))
        {
            return (null, new ApiError(ErrorCause.BackendProtocol, "The backend's answer to the upgrade is not a WebSocket's."));
        }

        // Each side is asked whether it is still there as often as a silent stream gets its comment.
        var keepAlive = TimeSpan.FromSeconds(exchange.State.Server.KeepAlive);
        var codes = new CloseCodeStream(answer.Body);
        var socket = WebSocket.CreateFromStream(codes, new WebSocketCreationOptions
        {
            KeepAliveInterval = keepAlive,
            KeepAliveTimeout = AnswerTime(keepAlive),
        });
        return (new BackendSocket(socket, codes, Handshake.ProtocolOf(head)), null);
    }

    /// <summary>Accepts the client's end.</summary>
    public static Task<WebSocket> AcceptAsync(HttpContext http, double keepAliveSeconds, string? protocol) =>
        http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = Subprotocols.Select(http.Request, protocol),
            KeepAliveInterval = TimeSpan.FromSeconds(keepAliveSeconds),
            KeepAliveTimeout = AnswerTime(TimeSpan.FromSeconds(keepAliveSeconds)),
        });

    /// <summary>How long a side may take nothing of what is sent to it: a minute where nobody says otherwise.</summary>
    public static TimeSpan StallTime(TimeSpan keepAlive) => keepAlive * 4;

    // An answer to a ping is seen while its side is read, which waits while the other side takes nothing: a side must not count as gone
    // for that before the other one does.
    private static TimeSpan AnswerTime(TimeSpan keepAlive) => (keepAlive * 2) + StallTime(keepAlive);
}
