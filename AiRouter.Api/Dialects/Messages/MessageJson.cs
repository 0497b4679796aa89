using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>What whole messages and streams of them write alike.</summary>
internal static class MessageJson
{
    /// <summary>What is not ASCII stays as it is.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members that say what it is.</summary>
    public static void WriteHead(Utf8JsonWriter json, DialectHead head)
    {
        json.WriteString("id", "msg_" + head.NewId());
        json.WriteString("type", "message");
        json.WriteString("role", "assistant");
        json.WriteString("model", head.Model);
    }

    /// <summary>The members of a block of text or thinking.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="kind">Which of both.</param>
    /// <param name="text">A string; <c>Undefined</c> for the block that a stream begins with.</param>
    public static void WriteText(Utf8JsonWriter json, BlockKind kind, JsonElement text = default)
    {
        var name = kind == BlockKind.Thinking ? "thinking" : "text";
        json.WriteString("type", name);
        if (text.ValueKind == JsonValueKind.Undefined)
        {
            json.WriteString(name, "");
        }
        else
        {
            JsonElements.WriteText(json, name, text);
        }

        if (kind == BlockKind.Thinking)
        {
            // Anthropic signs what its models think; clients only hand the signature back, and so it must be there.
            json.WriteString("signature", "");
        }
    }

    /// <summary>The members of a call but its input.</summary>
    public static void WriteCall(Utf8JsonWriter json, JsonElement call, DialectHead head)
    {
        json.WriteString("type", "tool_use");
        if (JsonElements.HasText(call, "id", out var id))
        {
            JsonElements.WriteText(json, "id", id);
        }
        else
        {
            json.WriteString("id", "toolu_" + head.NewId());
        }

        if (JsonElements.HasText(JsonElements.In(call, "function", JsonValueKind.Object), "name", out var name))
        {
            JsonElements.WriteText(json, "name", name);
        }
        else
        {
            json.WriteString("name", "");
        }
    }
}
