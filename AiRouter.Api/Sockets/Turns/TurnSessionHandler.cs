using AiRouter.Api.Admission;
using AiRouter.Api.Authentication;
using AiRouter.Api.Backends;
using AiRouter.Api.Draining;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>
/// The way of a request that opens a WebSocket whose messages are requests (turns): who asks is known when it is opened, everything else is
/// found out turn by turn.
/// </summary>
internal sealed class TurnSessionHandler(
    RouterStates states,
    Authenticator authenticator,
    EarlyRefusal early,
    RequestRecorder recorder,
    Drain drain,
    KeyDirectory keys,
    BodyBudget budget,
    TimeProvider time,
    ILogger<SocketSession> logger)
{
    /// <summary>Opens a session and has it run to its end.</summary>
    /// <param name="http">The request.</param>
    /// <param name="operation">Its operation.</param>
    /// <param name="handle">Handles a turn.</param>
    public async Task HandleAsync(HttpContext http, Operation operation, RequestDelegate handle)
    {
        if (states.Enter() is not { } state)
        {
            await ErrorResponse.WriteAsync(http, new ApiError(ErrorCause.NotConfigured, "The router has no configuration yet."));
            return;
        }

        await using var exchange = new Exchange(http, operation, state, RequestIds.Of(http)) { Running = drain.Enter(http) };
        var record = recorder.Begin(exchange);
        var isOver = false;
        try
        {
            var error = await RequestHandler.AnswerAsync(exchange, StepsAsync(exchange, handle));
            isOver = true;
            if (error is not null)
            {
                early.Show(exchange);
                record.Failed(error);
                await RequestHandler.SendAsync(exchange, error);
            }
        }
        finally
        {
            RequestHandler.NoteLateFailure(exchange, record);
            record.End(RequestHandler.EndOf(exchange, record, isOver));
            await state.LeaveAsync();
        }
    }

    private async ValueTask<ApiError?> StepsAsync(Exchange exchange, RequestDelegate handle) =>
        DrainErrors.Refuse(drain)
        ?? await authenticator.AuthenticateAsync(exchange)
        ?? await early.CheckAsync(exchange)
        ?? SocketOpening.Check(exchange.Http)
        ?? await RunAsync(exchange, handle);

    private async ValueTask<ApiError?> RunAsync(Exchange exchange, RequestDelegate handle)
    {
        var server = exchange.State.Server;
        using var client = await BackendSocket.AcceptAsync(exchange.Http, server.KeepAlive, protocol: null);
        using var toClient = new SocketSender(client, time);
        using var toBackend = new SocketSender(null, time);

        // A backend's time is for each turn, not for all of them.
        var state = new SessionState(server, TimeSpan.MaxValue, budget, time);
        using var turns = new TurnSession(exchange.Http, handle, client, toClient, toBackend, server, state, budget, drain);
        var session = new SocketSession(exchange, turns, state, toClient, toBackend, keys, time, logger);
        try
        {
            exchange.Failure = await session.RunAsync(turns.RunAsync, turns.Link.RunAsync);
        }
        finally
        {
            await turns.EndedAsync();
        }

        return null;
    }
}
