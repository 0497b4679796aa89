using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>
/// Has a backend answer a turn. The first one opens the connection: until it is open another target can be asked. Then what the turn asks
/// is sent, and its events go by the session's <see cref="SocketPump"/>; this waits for the last of them.
/// </summary>
internal static class TurnRelay
{
    /// <summary>Answers one. An error: nothing of it was sent.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Turn turn, SocketUpgrade upgrade, OwnHeaders own)
    {
        var exchange = attempt.Exchange;
        if (turn.OpenBackend is not { } open)
        {
            var address = new UpstreamAddress(UpstreamUrl.For(
                attempt.Backend.Config, exchange.UpstreamPath, exchange.Http.Request.QueryString, exchange.Keys));
            var (socket, refused) = await BackendSocket.OpenAsync(attempt, upgrade, own, address);
            if (socket is null)
            {
                return refused;
            }

            turn.Session.Link.Open(socket, attempt);
        }
        else if (!ReferenceEquals(open, attempt.Backend))
        {
            turn.Ends(SessionEnd.BackendChanged);
            return new ApiError(ErrorCause.InvalidRequest, "The backend of this connection has been configured anew. Connect again.")
            {
                Status = StatusCodes.Status409Conflict,
                Code = "connection_outdated",
            };
        }

        exchange.Failure = await AskAsync(attempt, turn);
        if (exchange.Failure is { Cause: not ErrorCause.ClientGone } failure)
        {
            await turn.TellAsync(failure);
        }

        return null;
    }

    private static async ValueTask<ApiError?> AskAsync(Attempt attempt, Turn turn)
    {
        var exchange = attempt.Exchange;
        var deadline = attempt.Deadline;
        exchange.Progress = new AnswerProgress();
        try
        {
            var content = await OutgoingBody.ForAsync(exchange, attempt.Target, attempt.Plan, deadline.Token);
            var end = turn.Begin(attempt);
            await turn.Session.Link.SendAsync(content!, deadline.Token);
            turn.NoteLeft();
            return await end.WaitAsync(deadline.Token);
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            if (exchange.BrokenOff is { } broken)
            {
                return broken;
            }

            turn.Ends(deadline.HasExpired ? SessionEnd.BackendSlow : SessionEnd.BackendGone);
            return deadline.HasExpired
                ? new ApiError(ErrorCause.BackendTimeout, "The backend did not answer in time.") { Stage = AttemptStage.Sent }
                : TurnSession.BrokenOff;
        }
        finally
        {
            turn.Close();
        }
    }
}
