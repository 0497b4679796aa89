using System.Buffers;
using System.Buffers.Text;

namespace AiRouter.Api.Streaming;

/// <summary>What a chunk adds to a choice's message.</summary>
internal interface IDelta
{
    /// <summary>Writes the JSON object.</summary>
    void WriteTo(IBufferWriter<byte> writer);
}

/// <summary>More reasoning (<c>openai-api.md</c> §2.7).</summary>
internal readonly ref struct ReasoningDelta(ReadOnlySpan<byte> text, bool isRepeated) : IDelta
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        writer.Write("{\"reasoning_content\":\""u8);
        JsonEscape.Write(writer, _text);
        if (isRepeated)
        {
            writer.Write("\",\"reasoning\":\""u8);
            JsonEscape.Write(writer, _text);
        }

        writer.Write("\"}"u8);
    }
}

/// <summary>The beginning of a call: the only delta with its id, type and name (<c>openai-api.md</c> §2.3).</summary>
internal readonly ref struct CallDelta(int index, string id, ReadOnlySpan<byte> name, bool isLegacy) : IDelta
{
    private readonly ReadOnlySpan<byte> _name = name;

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        if (isLegacy)
        {
            writer.Write("{\"function_call\":{\"name\":\""u8);
            JsonEscape.Write(writer, _name);
            writer.Write("\",\"arguments\":\"\"}}"u8);
            return;
        }

        writer.Write("{\"tool_calls\":[{\"index\":"u8);
        CallIndex.Write(writer, index);
        writer.Write(",\"id\":\""u8);
        JsonEscape.Write(writer, id);
        writer.Write("\",\"type\":\"function\",\"function\":{\"name\":\""u8);
        JsonEscape.Write(writer, _name);
        writer.Write("\",\"arguments\":\"\"}}]}"u8);
    }
}

/// <summary>More of a call's arguments.</summary>
internal readonly ref struct ArgumentsDelta(int index, ReadOnlySpan<byte> json, bool isLegacy) : IDelta
{
    private readonly ReadOnlySpan<byte> _json = json;

    /// <inheritdoc/>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        if (isLegacy)
        {
            writer.Write("{\"function_call\":{\"arguments\":\""u8);
            JsonEscape.Write(writer, _json);
            writer.Write("\"}}"u8);
            return;
        }

        writer.Write("{\"tool_calls\":[{\"index\":"u8);
        CallIndex.Write(writer, index);
        writer.Write(",\"function\":{\"arguments\":\""u8);
        JsonEscape.Write(writer, _json);
        writer.Write("\"}}]}"u8);
    }
}

/// <summary>A call's place as JSON.</summary>
file static class CallIndex
{
    public static void Write(IBufferWriter<byte> writer, int index)
    {
        Utf8Formatter.TryFormat(index, writer.GetSpan(11), out var written);
        writer.Advance(written);
    }
}
