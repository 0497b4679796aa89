using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>The content blocks of a stream: which one is open, and which call of chat is which block.</summary>
internal sealed class StreamBlocks(DialectHead head)
{
    private const int MostDigits = 11;

    private readonly Dictionary<int, int> _calls = [];
    private readonly Dictionary<string, int> _callsById = new(StringComparer.Ordinal);
    private BlockKind _open;
    private int _openIndex = -1;
    private int _count;
    private int _lastCall;

    /// <summary>A tool was called.</summary>
    public bool HasCalls => _calls.Count > 0;

    /// <summary>Writes a text of a delta, into a block of its kind. False: it has none.</summary>
    public bool WriteText(JsonElement delta, string name, BlockKind kind, IBufferWriter<byte> output)
    {
        if (!JsonElements.HasText(delta, name, out var text))
        {
            return false;
        }

        if (_open != kind)
        {
            Open(kind, output, default);
        }

        WriteDelta(output, _openIndex, kind, JsonMarshal.GetRawUtf8Value(text));
        return true;
    }

    /// <summary>Writes a text into the block that is open. False: that is of another kind.</summary>
    public bool TryWriteText(BlockKind kind, ReadOnlySpan<byte> quoted, IBufferWriter<byte> output)
    {
        if (_open != kind)
        {
            return false;
        }

        WriteDelta(output, _openIndex, kind, quoted);
        return true;
    }

    /// <summary>Writes a piece of a call; with its first one the block begins.</summary>
    public void WriteCall(JsonElement call, IBufferWriter<byte> output)
    {
        if (call.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        var at = CallOf(call);
        if (!_calls.TryGetValue(at, out var index))
        {
            Open(BlockKind.ToolUse, output, call);
            index = _openIndex;
            _calls[at] = index;
        }

        _lastCall = at;
        var function = JsonElements.In(call, "function", JsonValueKind.Object);
        if (function.ValueKind != JsonValueKind.Object || !function.TryGetProperty("arguments", out var arguments))
        {
            return;
        }

        // A piece of a call whose block has ended, because another one came between, still says whose it is: clients put it there.
        if (arguments.ValueKind == JsonValueKind.Object)
        {
            WriteDelta(output, index, JsonElements.RawText(arguments));
        }
        else if (arguments.ValueKind == JsonValueKind.String && !arguments.ValueEquals(""u8))
        {
            WriteDelta(output, index, BlockKind.ToolUse, JsonMarshal.GetRawUtf8Value(arguments));
        }
    }

    /// <summary>Ends the block that is open, if one is.</summary>
    public void Close(IBufferWriter<byte> output)
    {
        if (_open == BlockKind.None)
        {
            return;
        }

        _open = BlockKind.None;
        using var frame = new EventWriter(output, "content_block_stop");
        frame.Json.WriteNumber("index", _openIndex);
    }

    private void Open(BlockKind kind, IBufferWriter<byte> output, JsonElement call)
    {
        Close(output);
        _open = kind;
        _openIndex = _count++;
        using var frame = new EventWriter(output, "content_block_start");
        frame.Json.WriteNumber("index", _openIndex);
        frame.Json.WriteStartObject("content_block");
        if (kind == BlockKind.ToolUse)
        {
            MessageJson.WriteCall(frame.Json, call, head);
            frame.Json.WriteStartObject("input");
            frame.Json.WriteEndObject();
        }
        else
        {
            MessageJson.WriteText(frame.Json, kind);
        }

        frame.Json.WriteEndObject();
    }

    /// <summary>Some servers leave the index out: then a new id is a new call, and everything else belongs to the last one.</summary>
    private int CallOf(JsonElement call)
    {
        if (call.TryGetProperty("index", out var index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out var at))
        {
            return at;
        }

        if (JsonElements.TextIn(call, "id") is not { Length: > 0 } id)
        {
            return _lastCall;
        }

        if (!_callsById.TryGetValue(id, out var known))
        {
            _callsById[id] = known = _calls.Count;
        }

        return known;
    }

    /// <summary>One for each token: written without a writer, around the text as it stands in the chunk.</summary>
    private static void WriteDelta(IBufferWriter<byte> output, int index, BlockKind kind, ReadOnlySpan<byte> quoted)
    {
        output.Write("event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"u8);
        Utf8Formatter.TryFormat(index, output.GetSpan(MostDigits), out var digits);
        output.Advance(digits);
        output.Write(kind switch
        {
            BlockKind.ToolUse => ",\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":"u8,
            BlockKind.Thinking => ",\"delta\":{\"type\":\"thinking_delta\",\"thinking\":"u8,
            _ => ",\"delta\":{\"type\":\"text_delta\",\"text\":"u8,
        });
        output.Write(quoted);
        output.Write("}}\n\n"u8);
    }

    private static void WriteDelta(IBufferWriter<byte> output, int index, string arguments)
    {
        using var frame = new EventWriter(output, "content_block_delta");
        frame.Json.WriteNumber("index", index);
        frame.Json.WriteStartObject("delta");
        frame.Json.WriteString("type", "input_json_delta");
        frame.Json.WriteString("partial_json", arguments);
        frame.Json.WriteEndObject();
    }
}
