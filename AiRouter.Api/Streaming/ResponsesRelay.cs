using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Events of the Responses API, from a backend to a client: byte for byte, but for <c>response.model</c>, and for line ends and
/// comments, which are normalised.
/// </summary>
internal sealed class ResponsesRelay(
    Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError, Action<string?>? onId = null) : FrameRelay
{
    private readonly ResponsesEventWriter _writer = new(exchange) { OnId = onId };

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
        if (!type.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(type);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
        _writer.Write(output, type, data, in scan);
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
}
