using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's event stream, put together for a client that wants one answer (<c>openai-api.md</c> §2.8).</summary>
internal sealed class StreamToJson(Attempt attempt)
{
    private readonly IAnswerAssembly _assembly = AnswerAssemblies.For(attempt.Exchange.Operation);

    private long _textBytes;

    /// <summary>Sends the whole, or says why there is none: never 200 over an error or half an answer.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Stream body)
    {
        // What is kept is about as large as what was read, and comes out of the same budget as every buffered body (R31).
        var taken = 0L;
        try
        {
            var maxBuffered = attempt.Exchange.State.Server.MaxBufferedMiB * 1024L * 1024;
            var (json, error) = await new StreamToJson(attempt).ReadAsync(body, bytes =>
            {
                taken += attempt.Budget.TryTake(bytes, maxBuffered) ? bytes : 0;
                return taken;
            });
            return error ?? await JsonRelay.RunAsync(attempt, json);
        }
        finally
        {
            attempt.Budget.Return(taken);
        }
    }

    private async ValueTask<(ReadOnlyMemory<byte> Json, ApiError? Error)> ReadAsync(Stream body, Func<int, long> take)
    {
        using var frames = new FrameBuffer();
        var size = 0L;
        while (true)
        {
            var space = frames.Space();
            var read = space.IsEmpty ? 0 : await body.ReadAsync(space);
            size += read;
            if (space.IsEmpty || size > JsonRelay.MaxLength)
            {
                return (default, new ApiError(ErrorCause.BackendProtocol, "The backend's answer is too large."));
            }

            if (take(read) < size)
            {
                return (default, new ApiError(
                    ErrorCause.OutOfBuffers, "The router holds as many answers as it has memory for. Try again in a moment."));
            }

            frames.Advance(read);
            try
            {
                if (Pump(frames, isEnd: read == 0, out var error))
                {
                    return error is null ? (Finish(), null) : (default, error);
                }
            }
            catch (Exception exception) when (OddJson.IsCause(exception))
            {
                return (default, Invalid() with { Detail = exception.Message });
            }
        }
    }

    /// <summary>The answer; without figures from the backend with an estimate that says so (R28).</summary>
    private ReadOnlyMemory<byte> Finish()
    {
        if (_assembly is ChatAssembly { HasUsage: false } chat)
        {
            var usage = AnswerEstimate.Of(attempt.Exchange, attempt.Text, _textBytes);
            chat.SetUsage(UsageText.Of(usage));
            if (usage.IsEstimated)
            {
                attempt.Exchange.Http.Response.Headers[UsageText.Header] = UsageText.Estimated;
            }
        }

        return _assembly.ToJson();
    }

    /// <summary>True at the end, regular or not.</summary>
    private bool Pump(FrameBuffer frames, bool isEnd, out ApiError? error)
    {
        error = null;
        while (frames.TryRead(out var raw) || (isEnd && frames.TryReadRest(out raw)))
        {
            var frame = EventFrame.Read(raw);
            if (frame.Data.Trim(" \t"u8).IsEmpty)
            {
                continue;
            }

            if (frame.IsDone)
            {
                isEnd = true;
                break;
            }

            if (!ChunkScan.TryRead(frame.Data, out var scan) || !scan.IsObject)
            {
                error = Invalid();
                return true;
            }

            if (IsError(frame, in scan))
            {
                error = UpstreamErrors.FromAnswer(attempt, frame.Data);
                return true;
            }

            var textBytes = TextBytes(frame, in scan);
            _textBytes += textBytes;
            attempt.Exchange.Progress?.Add(textBytes);
            attempt.Text?.Add(frame.Data);
            _assembly.Add(frame.Data);
        }

        if (isEnd && !_assembly.IsWhole)
        {
            error = new ApiError(ErrorCause.BackendStreamBroken, "The backend's answer ended before it was complete.");
        }

        return isEnd;
    }

    private int TextBytes(EventFrame frame, in ChunkScan scan) =>
        attempt.Exchange.Operation.Dialect == StreamDialect.Messages && MessageEvent.TryRead(frame.Data, out var found)
            ? found.TextBytes
            : scan.TextBytes;

    private bool IsError(EventFrame frame, in ChunkScan scan) =>
        scan.IsError || frame.Name.SequenceEqual("error"u8) || _assembly.IsError(frame.Data, in scan);

    private static ApiError Invalid() => new(ErrorCause.BackendProtocol, "The backend sent an event that is not valid.");
}
