using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Events of dialects that the router does not translate (images, audio): the data byte for byte but for <c>model</c>; what
/// stands around it in the one form that every client reads (<c>openai-api.md</c> §3).
/// </summary>
internal sealed class OpaqueRelay(Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private readonly byte[]? _model = exchange.PublicName.Length > 0 ? JsonText.Quote(exchange.PublicName) : null;
    private bool _hasBegun;

    /// <inheritdoc/>
    public override RelayResult Relay(EventFrame frame, IBufferWriter<byte> output)
    {
        // Comments, empty data, names without data, ids and retry hints break one client or another.
        if (frame.Data.Trim(" \t"u8).IsEmpty)
        {
            return RelayResult.Nothing;
        }

        var isJson = ChunkScan.TryRead(frame.Data, out var scan) && scan.IsObject;

        // An error in the place of the first event still gets a status of its own.
        if (!_hasBegun && isJson && scan.IsError)
        {
            return Fail(readError(frame.Data));
        }

        _hasBegun = true;
        if (isJson && scan.Usage.Type == JsonTokenType.StartObject)
        {
            exchange.Usage = UsageReader.Read(frame.Data.Slice(scan.Usage.ValueStart, scan.Usage.ValueLength));
        }

        if (!frame.Name.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(frame.Name);
            output.Write("\n"u8);
        }

        if (isJson && _model is not null && scan.Model.Type == JsonTokenType.String)
        {
            output.Write("data: "u8);
            output.Write(frame.Data[..scan.Model.ValueStart]);
            output.Write(_model);
            output.Write(frame.Data[(scan.Model.ValueStart + scan.Model.ValueLength)..]);
            output.Write("\n"u8);
        }
        else
        {
            WriteData(frame, output);
        }

        output.Write("\n"u8);
        return RelayResult.Written;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output) =>
        _hasBegun ? RelayResult.Done : FailBroken();

    /// <summary>Line by line as it came: data that is not JSON may not be joined.</summary>
    private static void WriteData(EventFrame frame, IBufferWriter<byte> output)
    {
        if (frame.IsDone)
        {
            output.Write("data: [DONE]\n"u8);
            return;
        }

        var rest = frame.Raw;
        while (!rest.IsEmpty)
        {
            if (EventFrame.TryField(EventFrame.NextLine(ref rest), "data"u8, out var value))
            {
                output.Write("data: "u8);
                output.Write(value);
                output.Write("\n"u8);
            }
        }
    }
}
