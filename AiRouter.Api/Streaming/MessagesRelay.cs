using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.Anthropic.Answers;
using AiRouter.Api.Dialects.Messages;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Events of Anthropic's Messages API, from a backend to a client: byte for byte, but for <c>message.model</c>, and for line ends and
/// comments, which are normalised. Events that nobody knows yet pass like the others.
/// </summary>
internal sealed class MessagesRelay(Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private readonly byte[] _model = JsonText.Quote(exchange.PublicName);
    private MessageFigures _figures;
    private bool _hasBegun;
    private bool _hasFinished;
    private bool _hasLastFigures;
    private long _textBytes;

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
            return End(output);
        }

        if (!MessageEvent.TryRead(data, out var found))
        {
            return FailProtocol();
        }

        var type = found.TypeIn(data);
        type = type.IsEmpty ? frame.Name : type;
        if (type.SequenceEqual("error"u8) || (type.IsEmpty && !found.Error.IsNull))
        {
            return Fail(readError(data));
        }

        // It would be the first event, behind which nobody else can be asked; and it says nothing.
        if (!_hasBegun && type.SequenceEqual("ping"u8))
        {
            return RelayResult.Nothing;
        }

        _hasBegun = true;
        Note(data, in found);
        WriteHead(output, type);
        WriteData(output, data, in found);
        output.Write("\n\n"u8);
        if (!type.SequenceEqual("message_stop"u8))
        {
            return RelayResult.Written;
        }

        // Nothing comes behind the last event, so nothing that happens then can spoil the answer.
        exchange.Usage = Usage();
        return RelayResult.Done;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output)
    {
        if (!_hasFinished)
        {
            return FailBroken();
        }

        // The reason to end has come: the answer is whole, and some backends leave the last event out.
        exchange.Usage = Usage();
        output.Write("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8);
        return RelayResult.Done;
    }

    private void Note(ReadOnlySpan<byte> data, in MessageEvent found)
    {
        exchange.Progress?.Add(found.TextBytes);
        _textBytes += found.TextBytes;
        if (found.StopReason.Type == JsonTokenType.String)
        {
            _hasFinished = true;
            exchange.Span?.Answer.Ended(0, FinishReasons.Of(JsonText.Unquote(ValueOf(data, found.StopReason)) ?? ""));
        }

        if (found.Usage.Type == JsonTokenType.StartObject)
        {
            _hasLastFigures = true;
            Take(ValueOf(data, found.Usage));
        }
    }

    /// <summary>What is known so far counts if the stream breaks off.</summary>
    private void Take(ReadOnlySpan<byte> usage)
    {
        _figures.Add(usage);
        exchange.Usage = _figures.Usage;
    }

    /// <summary>The figures of the end; without them the input's, and an estimate of what came.</summary>
    private TokenUsage Usage() =>
        _hasLastFigures && _figures.IsKnown ? _figures.Usage
        : AnswerEstimate.Of(exchange, text: null, _textBytes) is var estimate && _figures.IsKnown
            ? _figures.Usage with { Output = Math.Max(_figures.Usage.Output, estimate.Output), IsEstimated = true }
            : estimate;

    private static void WriteHead(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        if (!type.IsEmpty)
        {
            output.Write("event: "u8);
            output.Write(type);
            output.Write("\n"u8);
        }

        output.Write("data: "u8);
    }

    private void WriteData(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in MessageEvent found)
    {
        if (found.Message.Type != JsonTokenType.StartObject)
        {
            output.Write(data);
            return;
        }

        var message = ValueOf(data, found.Message);
        if (!ChunkScan.TryRead(message, out var inner))
        {
            output.Write(data);
            return;
        }

        exchange.Span?.Answer.Take(message, in inner);
        if (inner.Usage.Type == JsonTokenType.StartObject)
        {
            Take(ValueOf(message, inner.Usage));
        }

        if (inner.Model.Type != JsonTokenType.String)
        {
            output.Write(data);
            return;
        }

        var start = found.Message.ValueStart + inner.Model.ValueStart;
        output.Write(data[..start]);
        output.Write(_model);
        output.Write(data[(start + inner.Model.ValueLength)..]);
    }

    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> json, JsonMember member) =>
        json.Slice(member.ValueStart, member.ValueLength);
}
