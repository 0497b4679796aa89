using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiRouter.Api.Dialects.Messages;

namespace AiRouter.Api.Backends.Anthropic.Answers;

/// <summary>A whole message as a chat completion.</summary>
internal static class CompletionWriter
{
    /// <summary>Writes it. False: this is no message.</summary>
    /// <param name="message">What the backend answered.</param>
    /// <param name="created">Now, in seconds since 1970: messages do not say when they were made.</param>
    /// <param name="output">Gets the completion.</param>
    public static bool TryWrite(JsonElement message, long created, IBufferWriter<byte> output)
    {
        var content = JsonElements.In(message, "content", JsonValueKind.Array);
        if (JsonElements.TextIn(message, "type") != "message" || content.ValueKind != JsonValueKind.Array ||
            JsonElements.TextIn(message, "stop_reason") is not { } reason)
        {
            return false;
        }

        using var json = new Utf8JsonWriter(output, MessageJson.Options);
        json.WriteStartObject();
        json.WriteString("id", JsonElements.TextIn(message, "id") ?? "");
        json.WriteString("object", "chat.completion");
        json.WriteNumber("created", created);
        json.WriteString("model", JsonElements.TextIn(message, "model") ?? "");
        json.WriteStartArray("choices");
        json.WriteStartObject();
        json.WriteNumber("index", 0);
        WriteMessage(json, content);
        json.WriteNull("logprobs");
        json.WriteString("finish_reason", FinishReasons.Of(reason));
        if (JsonElements.TextIn(message, "stop_sequence") is { } sequence)
        {
            json.WriteString("stop_reason", sequence);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        var figures = default(MessageFigures);
        figures.Add(JsonElements.In(message, "usage", JsonValueKind.Object));
        ChatUsage.Write(json, figures);
        json.WriteEndObject();
        return true;
    }

    private static void WriteMessage(Utf8JsonWriter json, JsonElement content)
    {
        var calls = content.EnumerateArray().Where(static b => JsonElements.TextIn(b, "type") == "tool_use").ToList();
        var text = TextOf(content, "text", "text");
        json.WriteStartObject("message");
        json.WriteString("role", "assistant");
        json.WriteString("content", text.Length == 0 && calls.Count > 0 ? null : text);
        json.WriteNull("refusal");
        if (TextOf(content, "thinking", "thinking") is { Length: > 0 } thinking)
        {
            json.WriteString("reasoning_content", thinking);
        }

        if (calls.Count > 0)
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in calls)
            {
                WriteCall(json, call);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter json, JsonElement call)
    {
        json.WriteStartObject();
        json.WriteString("id", JsonElements.TextIn(call, "id") ?? "");
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", JsonElements.TextIn(call, "name") ?? "");
        json.WriteString("arguments", call.TryGetProperty("input", out var input) ? JsonMarshal.GetRawUtf8Value(input) : "{}"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string TextOf(JsonElement content, string type, string name)
    {
        var text = new StringBuilder();
        foreach (var block in content.EnumerateArray())
        {
            if (JsonElements.TextIn(block, "type") == type)
            {
                text.Append(JsonElements.TextIn(block, name));
            }
        }

        return text.ToString();
    }
}
