using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Events of the Responses API, from a backend to a client: byte for byte, but for <c>response.model</c>, and for line ends and
/// comments, which are normalised.
/// </summary>
internal sealed class ResponsesRelay(Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private readonly byte[] _model = JsonText.Quote(exchange.PublicName);
    private bool _isComplete;
    private int _events;

    /// <summary>Sees the <c>response</c> object of each event that has one, after the name was put right.</summary>
    public Action<ReadOnlySpan<byte>>? OnResponse { get; init; }

    /// <inheritdoc/>
    public override RelayResult Relay(EventFrame frame, IBufferWriter<byte> output)
    {
        var data = frame.Data;
        if (data.Trim(" \t"u8).IsEmpty)
        {
            return RelayResult.Nothing;
        }

        if (frame.IsDone)
        {
            // Not of this dialect, but some backends end with it all the same.
            return _isComplete ? RelayResult.Done : FailBroken();
        }

        if (!ChunkScan.TryRead(data, out var scan) || !scan.IsObject)
        {
            return FailProtocol();
        }

        var type = scan.Type.Type == JsonTokenType.String
            ? data.Slice(scan.Type.ValueStart + 1, scan.Type.ValueLength - 2)
            : frame.Name;
        if (type.SequenceEqual("error"u8) || (type.IsEmpty && scan.IsError))
        {
            return Fail(readError(data) with { SequenceNumber = _events });
        }

        _events++;
        _isComplete |= type.SequenceEqual("response.completed"u8) || type.SequenceEqual("response.incomplete"u8) ||
            type.SequenceEqual("response.failed"u8);
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        WriteData(output, data, in scan);
        output.Write("\n\n"u8);
        return RelayResult.Written;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output)
    {
        if (_isComplete)
        {
            return RelayResult.Done;
        }

        FailBroken();
        Failure = Failure! with { SequenceNumber = _events };
        return RelayResult.Failed;
    }

    private void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (scan.Response.Type != JsonTokenType.StartObject)
        {
            output.Write(data);
            return;
        }

        var response = data.Slice(scan.Response.ValueStart, scan.Response.ValueLength);
        if (!ChunkScan.TryRead(response, out var inner))
        {
            output.Write(data);
            return;
        }

        if (inner.Usage.Type == JsonTokenType.StartObject)
        {
            exchange.Usage = UsageReader.Read(response.Slice(inner.Usage.ValueStart, inner.Usage.ValueLength));
        }

        OnResponse?.Invoke(response);
        if (inner.Model.Type != JsonTokenType.String)
        {
            output.Write(data);
            return;
        }

        var modelStart = scan.Response.ValueStart + inner.Model.ValueStart;
        output.Write(data[..modelStart]);
        output.Write(_model);
        output.Write(data[(modelStart + inner.Model.ValueLength)..]);
    }
}
