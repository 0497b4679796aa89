namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>What a server that speaks Anthropic's Messages API sends.</summary>
internal static class Message
{
    /// <summary>A whole message.</summary>
    public const string Whole =
        """{"id":"msg_1","type":"message","role":"assistant","model":"backend-model","content":[{"type":"text","text":"Hello"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":5}}""";

    /// <summary>The beginning of a stream.</summary>
    public static readonly string Start = Event(
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"backend-model","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}""");

    /// <summary>Nothing, every few seconds.</summary>
    public static readonly string Ping = Event("""{"type":"ping"}""");

    /// <summary>The end of a stream.</summary>
    public static readonly string Stop = Event("""{"type":"message_stop"}""");

    /// <summary>A text as a block of its own.</summary>
    public static string Text(int index, params string[] pieces) => Block(
        index, """{"type":"text","text":""}""", [.. pieces.Select(static p => $$"""{"type":"text_delta","text":"{{p}}"}""")]);

    /// <summary>A block.</summary>
    public static string Block(int index, string block, params string[] deltas) =>
        Event($$"""{"type":"content_block_start","index":{{index}},"content_block":{{block}}}""") +
        string.Concat(deltas.Select(d => Event($$"""{"type":"content_block_delta","index":{{index}},"delta":{{d}}}"""))) +
        Event($$"""{"type":"content_block_stop","index":{{index}}}""");

    /// <summary>Why it ends, and the figures.</summary>
    public static string Delta(string reason, string sequence = "null") => Event(
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":{{{sequence}}}},"usage":{"output_tokens":15}}""");

    /// <summary>An error, as an event or (without its frame) as a body.</summary>
    public static string Error(string type, string message) =>
        $$$"""{"type":"error","error":{"type":"{{{type}}}","message":"{{{message}}}"},"request_id":"req_1"}""";

    /// <summary>A frame.</summary>
    public static string Event(string data)
    {
        var type = data[("{\"type\":\"".Length)..];
        return $"event: {type[..type.IndexOf('"', StringComparison.Ordinal)]}\ndata: {data}\n\n";
    }
}
