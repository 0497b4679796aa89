using System.Buffers;
using System.Buffers.Text;
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
    private bool _hasId;

    /// <summary>Told the response's id when it is first seen: the backend may keep the response (R5).</summary>
    public Action<string?>? OnId { get; init; }

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
            return FailBroken();
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
            return Fail(readError(data));
        }

        Count(data, in scan);
        if (type.EndsWith(".delta"u8))
        {
            exchange.Progress?.Add(DeltaBytes(data));
        }

        if (!type.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(type);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        WriteData(output, data, in scan, ResponsesAssembly.IsLast(type));
        output.Write("\n\n"u8);

        // Nothing comes behind the last event, so nothing that happens then can spoil the answer.
        return ResponsesAssembly.IsLast(type) ? RelayResult.Done : RelayResult.Written;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output) => FailBroken();

    /// <summary>An error event of ours goes on counting where the backend stopped.</summary>
    private void Count(ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (exchange.Events is { } events)
        {
            var number = data.Slice(scan.Sequence.ValueStart, scan.Sequence.ValueLength);
            events.NextEvent = Utf8Parser.TryParse(number, out int given, out _) && given is >= 0 and < int.MaxValue
                ? given + 1
                : events.NextEvent + 1;
        }
    }

    /// <summary>How much text an event brings, for an estimate.</summary>
    private static int DeltaBytes(ReadOnlySpan<byte> data)
    {
        var start = data.IndexOf("\"delta\":"u8);
        var text = start < 0 ? default : data[(start + 8)..].TrimStart((byte)' ');
        return text is [(byte)'"', .. var rest] && rest.IndexOf((byte)'"') is >= 0 and var length ? length : 1;
    }

    private void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in ChunkScan scan, bool isLast)
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

        if (exchange.Span is { Answer: var notes })
        {
            notes.Take(response, in inner);
            if (isLast)
            {
                notes.TakeEnd(response);
            }
        }

        if (inner.Usage.Type == JsonTokenType.StartObject)
        {
            exchange.Usage = UsageReader.Read(response.Slice(inner.Usage.ValueStart, inner.Usage.ValueLength));
        }

        if (!_hasId && inner.Id.Type == JsonTokenType.String)
        {
            _hasId = true;
            OnId?.Invoke(JsonText.Unquote(response.Slice(inner.Id.ValueStart, inner.Id.ValueLength)));
        }

        if (inner.Model.Type != JsonTokenType.String || exchange.PublicName.Length == 0)
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
