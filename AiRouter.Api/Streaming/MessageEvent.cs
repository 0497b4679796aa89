using System.Text.Json;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Streaming;

/// <summary>
/// What one look at an event of Anthropic's Messages API finds: where the members lie that the router reads or changes, and how much
/// text it brings. Offsets only; nothing is decoded and nothing allocated.
/// </summary>
internal struct MessageEvent
{
    /// <summary>Where <c>type</c> lies.</summary>
    public JsonMember Type { get; private set; }

    /// <summary>Where <c>message</c> lies (the first event).</summary>
    public JsonMember Message { get; private set; }

    /// <summary>Where <c>usage</c> lies (the last but one).</summary>
    public JsonMember Usage { get; private set; }

    /// <summary>Where <c>error</c> lies.</summary>
    public JsonMember Error { get; private set; }

    /// <summary>Where <c>delta.stop_reason</c> lies: why the answer ends.</summary>
    public JsonMember StopReason { get; private set; }

    /// <summary>Bytes of generated text in it, for an estimate of its tokens.</summary>
    public int TextBytes { get; private set; }

    /// <summary>Looks at <paramref name="json"/>; false when it is not a JSON object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> json, out MessageEvent found)
    {
        found = default;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = ChunkScan.MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                found.ReadMember(ref reader);
            }

            // What stands behind the object would make it no JSON.
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The event's type, without quotes.</summary>
    public readonly ReadOnlySpan<byte> TypeIn(ReadOnlySpan<byte> json) =>
        Type.Type == JsonTokenType.String ? json.Slice(Type.ValueStart + 1, Type.ValueLength - 2) : default;

    private void ReadMember(ref Utf8JsonReader reader)
    {
        var name = NameOf(ref reader);
        var nameStart = (int)reader.TokenStartIndex;
        var nameLength = reader.ValueSpan.Length + 2;
        reader.Read();
        var (start, type) = ((int)reader.TokenStartIndex, reader.TokenType);
        if (name is Known.Delta or Known.Block && type == JsonTokenType.StartObject)
        {
            ReadText(ref reader);
        }
        else
        {
            reader.Skip();
        }

        var member = new JsonMember(nameStart, nameLength, start, (int)reader.BytesConsumed - start, type);
        switch (name)
        {
            case Known.Type: Type = member; break;
            case Known.Message: Message = member; break;
            case Known.Usage: Usage = member; break;
            case Known.Error: Error = member; break;
        }
    }

    /// <summary>
    /// What is said, thought, or given to a tool, and what stands for thoughts that are not shown: a client that leaves before the end, where
    /// the figures are, has paid for them. Not the marks of it (citations).
    /// </summary>
    private void ReadText(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = JsonName.Is(ref reader, "text"u8) || JsonName.Is(ref reader, "thinking"u8) ||
                JsonName.Is(ref reader, "partial_json"u8) || JsonName.Is(ref reader, "name"u8) ||
                JsonName.Is(ref reader, "signature"u8) || JsonName.Is(ref reader, "data"u8);
            var isReason = !isText && JsonName.Is(ref reader, "stop_reason"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                TextBytes += reader.ValueSpan.Length;
            }
            else if (isReason)
            {
                var start = (int)reader.TokenStartIndex;
                StopReason = new JsonMember(0, 0, start, (int)reader.BytesConsumed - start, reader.TokenType);
            }

            reader.Skip();
        }
    }

    private static Known NameOf(ref Utf8JsonReader reader) =>
        JsonName.Is(ref reader, "type"u8) ? Known.Type
        : JsonName.Is(ref reader, "delta"u8) ? Known.Delta
        : JsonName.Is(ref reader, "usage"u8) ? Known.Usage
        : JsonName.Is(ref reader, "error"u8) ? Known.Error
        : JsonName.Is(ref reader, "message"u8) ? Known.Message
        : JsonName.Is(ref reader, "content_block"u8) ? Known.Block
        : Known.None;

    private enum Known
    {
        None,
        Type,
        Delta,
        Usage,
        Error,
        Message,
        Block,
    }
}
