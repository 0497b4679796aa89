using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// Chunks of chat and legacy completions, from a backend to a client: byte for byte, but for <c>model</c>, for the usage that
/// only the router asked for, and for line ends and comments, which are normalised.
/// </summary>
/// <remarks>
/// A chunk is read once (<see cref="ChunkScan"/>), or not at all when it is like the last one (<see cref="ChunkPattern"/>), and written
/// from where it lies. Nothing is allocated (<c>RelayAllocationTests</c>).
/// </remarks>
internal sealed class ChatRelay(Exchange exchange, Func<ReadOnlySpan<byte>, ApiError> readError) : FrameRelay
{
    private readonly byte[] _model = JsonText.Quote(exchange.PublicName);
    private readonly bool _wantsUsage = exchange.Facts.IncludeUsage;
    private UInt128 _seen;
    private UInt128 _finished;
    private readonly bool _keepsUsage = AsksForContinuousUsage(exchange);
    private byte[]? _head;
    private ArrayBufferWriter<byte>? _usage;
    private ArrayBufferWriter<byte>? _usageFrame;
    private long _textBytes;
    private ChunkPattern? _pattern;
    private ArrayBufferWriter<byte>? _learned;

    /// <summary>What was generated, for an exact count; null: nobody counts.</summary>
    public GeneratedText? Text { get; init; }

    private bool IsWhole => _seen != 0 && (_finished & _seen) == _seen;

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
            // A regular end without a reason to end, or without any choice, is an answer cut short that looks whole (openai-api.md §2.3).
            return IsWhole ? Finish(output) : FailUnfinished();
        }

        if (!ChunkScan.TryRead(data, out var scan) || !scan.IsObject)
        {
            return FailProtocol();
        }

        if (scan.IsError || scan.HasError || frame.Name.SequenceEqual("error"u8))
        {
            return Fail(readError(data));
        }

        Note(data, in scan);
        if (scan.IsUsageOnly)
        {
            Keep(data, in scan);
            return RelayResult.Nothing;
        }

        if (HasPattern(frame, in scan))
        {
            Learn(frame, output, in scan);
        }
        else
        {
            WriteFrame(output, data, in scan);
        }

        return RelayResult.Written;
    }

    /// <inheritdoc/>
    public override int TryRepeat(ReadOnlySpan<byte> bytes, IBufferWriter<byte> output)
    {
        if (_pattern is null || _pattern.TryWrite(bytes, output, out var textBytes) is not (> 0 and var length))
        {
            return 0;
        }

        _textBytes += textBytes;
        exchange.Progress?.Add(textBytes);
        return length;
    }

    /// <inheritdoc/>
    public override RelayResult End(IBufferWriter<byte> output)
    {
        // Some backends leave [DONE] out; the finish reasons tell whether the answer is whole.
        return IsWhole ? Finish(output) : FailUnfinished();
    }

    /// <summary>
    /// Whether the next chunks may be like this one: it ends nothing, has no figures, and one text that is all that may change. A
    /// text that is counted exactly has to be read.
    /// </summary>
    private bool HasPattern(EventFrame frame, in ChunkScan scan) =>
        scan is { TextCount: 1, ChoiceCount: 1, Usage.IsNull: true } && scan.FinishedChoices == UInt128.Zero && Text is null &&
        (_pattern?.IsWanted ?? true) && frame.Raw.Length - scan.TextBytes <= ChunkPattern.MaxLength &&
        frame.Raw.EndsWith("\n\n"u8) && frame.Raw[..^2].EndsWith(frame.Data);

    private void Learn(EventFrame frame, IBufferWriter<byte> output, in ChunkScan scan)
    {
        _learned ??= new ArrayBufferWriter<byte>(256);
        _learned.ResetWrittenCount();
        WriteFrame(_learned, frame.Data, in scan);
        output.Write(_learned.WrittenSpan);

        var start = frame.Raw.Length - 2 - frame.Data.Length + scan.TextStart;
        var shift = scan.Model.IsNull || scan.Model.ValueStart > scan.TextStart ? 0 : _model.Length - scan.Model.ValueLength;
        var cut = UsageEdit(in scan, out var instead);
        shift += cut.Length > 0 && cut.Start < scan.TextStart ? instead.Length - cut.Length : 0;
        _pattern ??= new ChunkPattern();
        _pattern.Learn(
            frame.Raw, start..(start + scan.TextBytes), _learned.WrittenSpan, "data: "u8.Length + scan.TextStart + shift);
    }

    private RelayResult FailUnfinished()
    {
        exchange.Usage = Usage();
        if (!exchange.Usage.IsEstimated)
        {
            // What came is known, and needs no counting of pieces.
            exchange.Progress = null;
        }

        return FailBroken();
    }

    /// <summary>The client has asked for figures with every chunk, as vLLM gives them.</summary>
    private static bool AsksForContinuousUsage(Exchange exchange) =>
        exchange is { Facts.IncludeUsage: true, Body: JsonBody { Index: var index } } &&
        index.ValueOf(index.Find("stream_options"u8)).IndexOf("continuous_usage_stats"u8) >= 0;

    private void Note(ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        _seen |= scan.SeenChoices;
        _finished |= scan.FinishedChoices;
        _textBytes += scan.TextBytes;
        exchange.Progress?.Add(scan.TextBytes);
        exchange.Span?.Answer.Take(data, in scan);
        Text?.Add(data);
        if (_head is null && !scan.Id.IsNull && !scan.Created.IsNull)
        {
            _head = ChunkHead.Make(exchange.Operation, Value(data, scan.Id), Value(data, scan.Created), _model);
        }

        if (!scan.Usage.IsNull)
        {
            // Once per stream, but once per chunk from backends that count as they go: the buffer is kept.
            _usage ??= new ArrayBufferWriter<byte>(256);
            _usage.ResetWrittenCount();
            _usage.Write(Value(data, scan.Usage));
            exchange.Usage = UsageReader.Read(_usage.WrittenSpan);
        }
    }

    /// <summary>The chunk with the usage has to be the last one, wherever the backend sends it: clients take the last figures.</summary>
    private void Keep(ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        if (_wantsUsage)
        {
            _usageFrame ??= new ArrayBufferWriter<byte>(512);
            _usageFrame.ResetWrittenCount();
            WriteFrame(_usageFrame, data, in scan);
        }
    }

    private void WriteFrame(IBufferWriter<byte> output, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        output.Write("data: "u8);
        WriteChunk(output, data, in scan);
        output.Write("\n\n"u8);
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
        var cut = UsageEdit(in scan, out var instead);
        if (cut.Length > 0 && cut.Start < model.ValueStart)
        {
            at = Replace(output, data, at, cut, instead);
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
            at = Replace(output, data, at, cut, instead);
        }

        output.Write(data[at..]);
    }

    /// <summary>No usage unasked; beside content it is <c>null</c>, because clients drop the content of a chunk with figures.</summary>
    private (int Start, int Length) UsageEdit(in ChunkScan scan, out ReadOnlySpan<byte> instead)
    {
        instead = default;
        if (!_wantsUsage)
        {
            return scan.Usage.Type == JsonTokenType.None ? default : scan.UsageCut;
        }

        if (_keepsUsage || scan.IsUsageOnly || scan.Usage.IsNull)
        {
            return default;
        }

        instead = "null"u8;
        return (scan.Usage.ValueStart, scan.Usage.ValueLength);
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

    private static int Replace(
        IBufferWriter<byte> output, ReadOnlySpan<byte> data, int from, (int Start, int Length) cut, ReadOnlySpan<byte> instead)
    {
        output.Write(data[from..cut.Start]);
        output.Write(instead);
        return cut.Start + cut.Length;
    }

    private RelayResult Finish(IBufferWriter<byte> output)
    {
        exchange.Usage = Usage();
        if (_usageFrame is not null)
        {
            output.Write(_usageFrame.WrittenSpan);
        }
        else if (_wantsUsage)
        {
            WriteUsage(output);
        }

        output.Write("data: [DONE]\n\n"u8);
        return RelayResult.Done;
    }

    private TokenUsage Usage() => exchange.Usage.IsKnown ? exchange.Usage : AnswerEstimate.Of(exchange, Text, _textBytes);

    /// <summary>The backend gave no usage chunk of its own: one from what it said elsewhere, else an estimate that says so.</summary>
    private void WriteUsage(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        output.Write(_head ?? ChunkHead.Make(exchange.Operation, "\"\""u8, "0"u8, _model));
        output.Write("\"choices\":[],\"usage\":"u8);
        output.Write(_usage is null ? UsageText.Of(exchange.Usage) : _usage.WrittenSpan);
        output.Write("}\n\n"u8);
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> data, JsonMember member) =>
        data.Slice(member.ValueStart, member.ValueLength);
}
