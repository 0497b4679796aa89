using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's event stream on its way to a client that wants one: one flush for each read.</summary>
internal static class EventRelay
{
    /// <summary>Relays to the end. An error: nothing has been sent.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Stream body, FrameRelay relay)
    {
        var exchange = attempt.Exchange;
        var events = exchange.Events!;
        var output = new BatchWriter(events.Writer);
        using var frames = new FrameBuffer();
        while (true)
        {
            var space = frames.Space();
            if (space.IsEmpty)
            {
                return await FailAsync(events, new ApiError(
                    ErrorCause.BackendProtocol, "The backend sent an event that is too large."));
            }

            var read = await body.ReadAsync(space, CancellationToken.None);
            frames.Advance(read);
            await events.BeginWriteAsync(exchange.Aborted);
            var result = Write(frames, relay, events, output, isEnd: read == 0, out var hasWritten);
            if (hasWritten && !await FlushAsync(attempt, events))
            {
                return new ApiError(ErrorCause.ClientGone, "The client has gone.");
            }

            switch (result)
            {
                case RelayResult.Done:
                    return null;
                case RelayResult.Failed:
                    return await FailAsync(events, relay.Failure!);
                default:
                    break;
            }
        }
    }

    /// <summary>Before the first event an error may still be tried elsewhere; afterwards it is the last event.</summary>
    public static async ValueTask<ApiError?> FailAsync(EventStream events, ApiError error)
    {
        if (!events.HasData)
        {
            return error;
        }

        await events.FailAsync(error);
        return null;
    }

    /// <summary>Writes what the bytes read last make; the turn is given back unless something is to be flushed.</summary>
    private static RelayResult Write(
        FrameBuffer frames, FrameRelay relay, EventStream events, BatchWriter output, bool isEnd, out bool hasWritten)
    {
        hasWritten = false;
        var keepsTurn = false;
        try
        {
            var result = relay.RelayAll(frames, output, isEnd, out hasWritten);
            if (hasWritten)
            {
                output.Commit();
                events.Prepare();
            }

            keepsTurn = hasWritten;
            return result;
        }
        finally
        {
            if (!keepsTurn)
            {
                events.CancelWrite();
            }
        }
    }

    /// <summary>A client that reads slowly does not use up the backend's time.</summary>
    private static ValueTask<bool> FlushAsync(Attempt attempt, EventStream events)
    {
        var sent = events.FlushAsync(attempt.Deadline.Token);
        if (!sent.IsCompleted)
        {
            attempt.Deadline.ArmWrite();
        }

        return sent;
    }
}
