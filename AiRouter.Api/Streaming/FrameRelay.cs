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

    /// <summary>The backend has closed the stream: writes what is missing, or fails when it is not whole.</summary>
    public abstract RelayResult End(IBufferWriter<byte> output);

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
