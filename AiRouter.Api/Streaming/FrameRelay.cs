using System.Buffers;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Streaming;

/// <summary>Passes the events of one backend's stream on in its dialect; sees each event once, in order.</summary>
internal abstract class FrameRelay
{
    /// <summary>Why the stream failed, after <see cref="RelayResult.Failed"/>.</summary>
    public ApiError? Failure { get; protected set; }

    /// <summary>Writes what the client gets of an event.</summary>
    public abstract RelayResult Relay(EventFrame frame, IBufferWriter<byte> output);

    /// <summary>
    /// Writes what the client gets of the event at the beginning of <paramref name="bytes"/> when it is like one before, without
    /// looking for its parts.
    /// </summary>
    /// <param name="bytes">What has been read and not been looked at, from the beginning of a frame.</param>
    /// <param name="output">Where it is written.</param>
    /// <returns>The frame's length; 0: nothing was written, and it has to be read as a frame.</returns>
    public virtual int TryRepeat(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output) => 0;

    /// <summary>The backend has closed the stream: writes what is missing, or fails when it is not whole.</summary>
    public abstract RelayResult End(IBufferWriter<byte> output);

    /// <summary>Writes what the client gets of everything that has been read.</summary>
    /// <param name="frames">What has been read.</param>
    /// <param name="output">Where it is written.</param>
    /// <param name="isEnd">Nothing comes any more.</param>
    /// <param name="hasWritten">Whether anything was written.</param>
    public RelayResult RelayAll(FrameBuffer frames, IBufferWriter<byte> output, bool isEnd, out bool hasWritten)
    {
        hasWritten = false;
        while (true)
        {
            if (frames.IsAtFrame && TryRepeat(frames.Pending, output) is > 0 and var length)
            {
                frames.Skip(length);
                hasWritten = true;
                continue;
            }

            var isFrame = frames.TryRead(out var raw) || (isEnd && frames.TryReadRest(out raw));
            if (!isFrame && !isEnd)
            {
                return RelayResult.Nothing;
            }

            var result = isFrame ? Relay(EventFrame.Read(raw), output) : End(output);
            hasWritten |= result is RelayResult.Written or RelayResult.Done;
            if (result is RelayResult.Done or RelayResult.Failed)
            {
                return result;
            }
        }
    }

    /// <summary>Sets the failure.</summary>
    protected RelayResult Fail(ApiError error)
    {
        Failure = error;
        return RelayResult.Failed;
    }

    /// <summary>The stream ended before its time.</summary>
    protected RelayResult FailBroken() =>
        Fail(new ApiError(ErrorCause.BackendStreamBroken, "The backend's answer ended before it was complete."));

    /// <summary>An event is not what the dialect says.</summary>
    protected RelayResult FailProtocol() =>
        Fail(new ApiError(ErrorCause.BackendProtocol, "The backend sent an event that is not valid."));
}

/// <summary>What became of an event.</summary>
internal enum RelayResult
{
    /// <summary>Nothing to send.</summary>
    Nothing,

    /// <summary>Something was written.</summary>
    Written,

    /// <summary>It was the stream's regular end; what had to be written was.</summary>
    Done,

    /// <summary>The stream has failed.</summary>
    Failed,
}
