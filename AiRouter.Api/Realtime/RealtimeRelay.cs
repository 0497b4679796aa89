using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Realtime;

/// <summary>
/// Answers a request for a realtime session: opens one at the backend, and only then accepts the client's, so that a refusal is an
/// ordinary error and another target can be asked. What follows is <see cref="SocketSession"/>'s.
/// </summary>
internal sealed class RealtimeRelay(KeyDirectory keys, BodyBudget budget, TimeProvider time, ILogger<SocketSession> logger)
{
    /// <summary>Opens the session and relays it to its end. An error: the client's socket was not accepted.</summary>
    public async ValueTask<ApiError?> RunAsync(Attempt attempt, SocketUpgrade upgrade, OwnHeaders own)
    {
        var exchange = attempt.Exchange;
        var server = exchange.State.Server;
        var (backend, error) = await BackendSocket.OpenAsync(attempt, upgrade, own, RealtimeAddress.For(exchange, attempt.Target));
        if (backend is null)
        {
            return error;
        }

        using var there = backend.Socket;
        using var here = await BackendSocket.AcceptAsync(exchange.Http, server.KeepAlive, backend.Protocol);
        exchange.NoteFirstData();
        using var toClient = new SocketSender(here, time);
        using var toBackend = new SocketSender(there, time);
        var state = new SessionState(server, TimeSpan.FromSeconds(attempt.Backend.Config.Timeouts.Total), budget, time);
        var up = new SocketPump(here, toBackend, toClient, new ClientEvents(exchange, attempt.Target), state, isClients: true)
        {
            Reason = SocketSession.Fitting,
        };
        var down = new SocketPump(there, toClient, toBackend, new ServerEvents(attempt), state, isClients: false)
        {
            Reason = reason => SocketSession.Fitting(UpstreamText.Clean(attempt, reason)),
            Codes = backend.Codes,
        };
        var session = new SocketSession(exchange, RealtimeKind.Instance, state, toClient, toBackend, keys, time, logger);
        exchange.Failure = await session.RunAsync(up.RunAsync, down.RunAsync);
        return null;
    }
}
