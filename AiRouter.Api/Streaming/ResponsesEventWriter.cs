using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Writes what a client gets of a backend's events of the Responses API, whatever brings them: byte for byte, but for
/// <c>response.model</c>. Notes the response's id, its usage, and how much text has come.
/// </summary>
internal sealed class ResponsesEventWriter(Exchange exchange)
{
    private readonly byte[] _model = JsonText.Quote(exchange.PublicName);
    private bool _hasId;

    /// <summary>Told the response's id when it is first seen: the backend may keep the response (R5).</summary>
    public Action<string?>? OnId { get; init; }

    /// <summary>Writes the data of an event.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="type">The event's type.</param>
    /// <param name="data">The event.</param>
    /// <param name="scan">What is where in it.</param>
    public void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (type.EndsWith(".delta"u8))
        {
            exchange.Progress?.Add(DeltaBytes(data));
        }

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
            if (ResponsesAssembly.IsLast(type))
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

    /// <summary>How much text an event brings, for an estimate.</summary>
    private static int DeltaBytes(ReadOnlySpan<byte> data)
    {
        var start = data.IndexOf("\"delta\":"u8);
        var text = start < 0 ? default : data[(start + 8)..].TrimStart((byte)' ');
        return text is [(byte)'"', .. var rest] && rest.IndexOf((byte)'"') is >= 0 and var length ? length : 1;
    }
}
