using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Chunks of chat and legacy completions, from a backend to a client: byte for byte, but for <c>model</c>, for the usage that
/// only the router asked for, and for line ends and comments, which are normalised.
/// </summary>
/// <remarks>
/// A chunk is read once (<see cref="ChunkScan"/>) and written from where it lies. Measured by <c>RelayAllocationTests</c>: 20,000
/// chunks allocate nothing, at 1.8 µs each in an unoptimised build.
/// </remarks>
internal sealed class ChatRelay(Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private readonly byte[] _model = JsonText.Quote(exchange.PublicName);
    private readonly bool _wantsUsage = exchange.Facts.IncludeUsage;
    private UInt128 _seen;
    private UInt128 _finished;
    private byte[]? _head;
    private byte[]? _usage;
    private bool _usageSent;
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
            return Finish(output);
        }

        if (!ChunkScan.TryRead(data, out var scan) || !scan.IsObject)
        {
            return FailProtocol();
        }

        if (scan.IsError || frame.Name.SequenceEqual("error"u8))
        {
            return Fail(readError(data));
        }

        Note(data, in scan);
        if (scan.IsUsageOnly && !_wantsUsage)
        {
            return RelayResult.Nothing;
        }

        _usageSent |= scan.IsUsageOnly;
        output.Write("data: "u8);
        WriteChunk(output, data, in scan);
        output.Write("\n\n"u8);
        return RelayResult.Written;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output)
    {
        // Some backends leave [DONE] out; the finish reasons tell whether the answer is whole.
        if (_seen != 0 && (_finished & _seen) == _seen)
        {
            return Finish(output);
        }

        exchange.Usage = Usage();
        return FailBroken();
    }

    private void Note(ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        _seen |= scan.SeenChoices;
        _finished |= scan.FinishedChoices;
        _textBytes += scan.TextBytes;
        if (_head is null && !scan.Id.IsNull && !scan.Created.IsNull)
        {
            _head = ChunkHead.Make(exchange.Operation, Value(data, scan.Id), Value(data, scan.Created), _model);
        }

        if (!scan.Usage.IsNull)
        {
            // Once per stream; once per chunk only from backends that count as they go.
            _usage = Value(data, scan.Usage).ToArray();
            exchange.Usage = UsageReader.Read(_usage);
        }
    }

    private void WriteChunk(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (scan.IsUsageOnly && scan.Choices.IsNull)
        {
            WriteWithChoices(output, data, in scan);
            return;
        }

        // At most two places change; they are taken in the order in which they stand.
        var at = 0;
        var model = scan.Model;
        var cut = !_wantsUsage && scan.Usage.Type != JsonTokenType.None ? scan.UsageCut : default;
        if (cut.Length > 0 && cut.Start < model.ValueStart)
        {
            at = Skip(output, data, at, cut.Start, cut.Length);
            cut = default;
        }

        if (!model.IsNull)
        {
            output.Write(data[at..model.ValueStart]);
            output.Write(_model);
            at = model.ValueStart + model.ValueLength;
        }

        if (cut.Length > 0)
        {
            at = Skip(output, data, at, cut.Start, cut.Length);
        }

        output.Write(data[at..]);
    }

    /// <summary>A usage chunk without <c>choices</c> (or with null) breaks clients: it gets an empty list. Once per stream.</summary>
    private void WriteWithChoices(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        var edits = new JsonEdits();
        if (!scan.Model.IsNull)
        {
            edits.Replace(scan.Model.ValueStart, scan.Model.ValueLength, _model);
        }

        if (scan.Choices.Type == JsonTokenType.None)
        {
            edits.Replace(data.IndexOf((byte)'{') + 1, 0, "\"choices\":[],"u8.ToArray());
        }
        else
        {
            edits.Replace(scan.Choices.ValueStart, scan.Choices.ValueLength, "[]"u8.ToArray());
        }

        edits.WriteTo(output, data);
    }

    private static int Skip(IBufferWriter<byte> output, ReadOnlySpan<byte> data, int from, int start, int length)
    {
        output.Write(data[from..start]);
        return start + length;
    }

    private RelayResult Finish(IBufferWriter<byte> output)
    {
        exchange.Usage = Usage();
        if (_wantsUsage && !_usageSent)
        {
            WriteUsage(output);
        }

        output.Write("data: [DONE]\n\n"u8);
        return RelayResult.Done;
    }

    private TokenUsage Usage() => exchange.Usage.IsKnown
        ? exchange.Usage
        : new TokenUsage(
            PromptEstimate.Of(exchange.Body), 0, TokenEstimate.FromBytes(_textBytes), IsEstimated: true);

    /// <summary>The backend gave no usage chunk of its own: one from what it said elsewhere, else an estimate that says so.</summary>
    private void WriteUsage(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        output.Write(_head ?? ChunkHead.Make(exchange.Operation, "\"\""u8, "0"u8, _model));
        output.Write("\"choices\":[],\"usage\":"u8);
        output.Write(_usage ?? UsageText.Of(exchange.Usage));
        output.Write("}\n\n"u8);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> data, JsonMember member) =>
        data.Slice(member.ValueStart, member.ValueLength);
}
