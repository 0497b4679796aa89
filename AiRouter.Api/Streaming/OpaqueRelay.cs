using System.Buffers;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Streaming;

/// <summary>Events of dialects that the router does not read (images, audio): relayed as they are, line ends and comments too.</summary>
internal sealed class OpaqueRelay(string? contentType, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private bool _hasBegun;

    /// <inheritdoc/>
    public override string? ContentType => contentType;

    /// <inheritdoc/>
    public override RelayResult Relay(EventFrame frame, IBufferWriter<byte> output)
    {
        // An error in the place of the first event still gets a status of its own.
        if (!_hasBegun && ChunkScan.TryRead(frame.Data, out var scan) && scan.IsError)
        {
            return Fail(readError(frame.Data));
        }

        _hasBegun |= frame.HasData;
        output.Write(frame.Raw);
        return RelayResult.Written;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output) =>
        _hasBegun ? RelayResult.Done : FailBroken();
}
