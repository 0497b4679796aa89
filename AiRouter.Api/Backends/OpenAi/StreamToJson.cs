using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>A backend's event stream, put together for a client that wants one answer (<c>openai-api.md</c> §2.8).</summary>
internal static class StreamToJson
{
    /// <summary>Sends the whole, or says why there is none: never 200 over an error or half an answer.</summary>
    public static async ValueTask<ApiError?> RunAsync(Attempt attempt, Stream body)
    {
        using var frames = new FrameBuffer();
        var assembly = Create(attempt.Exchange.Operation);
        var size = 0L;
        while (true)
        {
            var space = frames.Space();
            var read = space.IsEmpty ? 0 : await body.ReadAsync(space);
            size += read;
            if (space.IsEmpty || size > JsonRelay.MaxLength)
            {
                return new ApiError(ErrorCause.BackendProtocol, "The backend's answer is too large.");
            }

            frames.Advance(read);
            if (Pump(attempt, frames, assembly, isEnd: read == 0, out var error))
            {
                return error ?? await JsonRelay.RunAsync(attempt, assembly.ToJson());
            }
        }
    }

    private static IAnswerAssembly Create(Operation operation) => operation.Dialect == StreamDialect.Responses
        ? new ResponsesAssembly()
        : new ChatAssembly(operation.Name);

    /// <summary>True at the end, regular or not.</summary>
    private static bool Pump(Attempt attempt, FrameBuffer frames, IAnswerAssembly assembly, bool isEnd, out ApiError? error)
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
                error = new ApiError(ErrorCause.BackendProtocol, "The backend sent an event that is not valid.");
                return true;
            }

            if (scan.IsError || frame.Name.SequenceEqual("error"u8) || assembly.IsError(frame.Data, in scan))
            {
                error = UpstreamErrors.FromAnswer(attempt, frame.Data);
                return true;
            }

            assembly.Add(frame.Data);
        }

        if (isEnd && !assembly.IsWhole)
        {
            error = new ApiError(ErrorCause.BackendStreamBroken, "The backend's answer ended before it was complete.");
        }

        return isEnd;
    }
}
