using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;
using AiRouter.Api.Realtime;
using AiRouter.Api.Sockets.Turns;

namespace AiRouter.Api.Sockets;

/// <summary>Answers requests that a backend answers over a WebSocket.</summary>
internal sealed class SocketRelay(RealtimeRelay realtime)
{
    /// <summary>Answers one. An error: nothing has been sent to anybody.</summary>
    public ValueTask<ApiError?> RunAsync(Attempt attempt, SocketUpgrade upgrade, OwnHeaders own) => attempt.Exchange.Turn is { } turn
        ? TurnRelay.RunAsync(attempt, turn, upgrade, own)
        : realtime.RunAsync(attempt, upgrade, own);
}
