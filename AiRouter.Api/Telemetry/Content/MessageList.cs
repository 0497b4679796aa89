using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Telemetry.Content;

/// <summary>Writes one JSON list of messages, parts or tools as an attribute of a span, of bounded size.</summary>
internal sealed class MessageList(Utf8JsonWriter writer)
{
    /// <summary>The most characters of text in one list. A span that is larger is what collectors refuse.</summary>
    public const int MostText = 64 * 1024;

    private const string Cut = "…";

    // What stands around a text or a role: lists of things without any text would be as long as the request.
    private const int Around = 24;

    // As they stand: an escaped plus sign would hide base64 from what takes data out.
    private static readonly JsonWriterOptions _relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonDocumentOptions _deep = new() { MaxDepth = ChunkScan.MaxDepth };

    private int _left = MostText;
    private bool _isLeftOut;

    /// <summary>The list; null: <paramref name="write"/> has nothing to write, or the JSON is none.</summary>
    public static string? Of(Action<MessageList, JsonElement> write, ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(1024);
        try
        {
            using var document = JsonDocument.Parse(json, _deep);
            using var writer = new Utf8JsonWriter(buffer, _relaxed);
            writer.WriteStartArray();
            write(new MessageList(writer), document.RootElement);
            writer.WriteEndArray();
        }
        catch (Exception exception) when (OddJson.IsCause(exception))
        {
            return null;
        }

        return buffer.WrittenCount <= "[]".Length ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>Begins a message; it is left out when there is no room for it.</summary>
    public void Begin(string role)
    {
        _isLeftOut = !HasRoom();
        if (_isLeftOut)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role"u8, Take(role));
        writer.WriteStartArray("parts"u8);
    }

    /// <summary>Ends a message.</summary>
    /// <param name="finishReason">Why the model stopped; null: it is none of a model's.</param>
    public void End(string? finishReason = null)
    {
        if (_isLeftOut)
        {
            return;
        }

        writer.WriteEndArray();
        if (finishReason is not null)
        {
            writer.WriteString("finish_reason"u8, Take(finishReason));
        }

        writer.WriteEndObject();
    }

    /// <summary>A part of text; <c>text</c> or <c>reasoning</c>.</summary>
    public void Text(string? text, string type = "text")
    {
        if (!string.IsNullOrEmpty(text) && HasRoom())
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, type);
            writer.WriteString("content"u8, Take(text));
            writer.WriteEndObject();
        }
    }

    /// <summary>A picture, a sound, a file: where it is, not what is in it.</summary>
    public void Media(string modality, string? uri)
    {
        if (!HasRoom())
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "uri");
        writer.WriteString("modality"u8, modality);
        writer.WriteString("uri"u8, Take(WithoutData(uri ?? "")));
        writer.WriteEndObject();
    }

    /// <summary>A call of a tool.</summary>
    public void Call(string? id, string? name, string? arguments)
    {
        if (!HasRoom())
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call");
        writer.WriteString("id"u8, TakeWhereGiven(id));
        writer.WriteString("name"u8, TakeWhereGiven(name));
        writer.WritePropertyName("arguments"u8);
        Json(arguments ?? "");
        writer.WriteEndObject();
    }

    /// <summary>What a tool has answered.</summary>
    public void CallResponse(string? id, string? response)
    {
        if (!HasRoom())
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "tool_call_response");
        writer.WriteString("id"u8, TakeWhereGiven(id));
        writer.WriteString("response"u8, Take(response ?? ""));
        writer.WriteEndObject();
    }

    /// <summary>A tool that the model may call.</summary>
    public void Tool(JsonElement tool)
    {
        if (!HasRoom())
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type"u8, "function");
        writer.WriteString("name"u8, TakeWhereGiven(tool.Text("name")));
        if (tool.Text("description") is { } description)
        {
            writer.WriteString("description"u8, Take(description));
        }

        if ((tool.Member("parameters") ?? tool.Member("input_schema")) is { ValueKind: JsonValueKind.Object } parameters)
        {
            writer.WritePropertyName("parameters"u8);
            Json(parameters.GetRawText());
        }

        writer.WriteEndObject();
    }

    /// <summary>Arguments are JSON in a string; a model may have written something else.</summary>
    private void Json(string json)
    {
        if (json.Length <= _left && json.AsSpan().TrimStart() is ['{', ..])
        {
            try
            {
                using var document = JsonDocument.Parse(json, _deep);
                document.RootElement.WriteTo(writer);
                _left -= json.Length;
                return;
            }
            catch (JsonException)
            {
                // Shown as the text that it is.
            }
        }

        writer.WriteStringValue(Take(json));
    }

    /// <summary>Whether there is room for one more thing, which then uses some.</summary>
    private bool HasRoom()
    {
        if (_left <= Around)
        {
            _left = 0;
            return false;
        }

        _left -= Around;
        return true;
    }

    // It would be taken out at the end, but until then it would use the room of the words behind it.
    private static string WithoutData(string uri) =>
        uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && uri.IndexOf(',', StringComparison.Ordinal) is > 0 and var comma
            ? uri[..(comma + 1)] + Cut
            : uri;

    private string? TakeWhereGiven(string? text) => text is null ? null : Take(text);

    private string Take(string text)
    {
        if (text.Length <= _left)
        {
            _left -= text.Length;
            return text;
        }

        // Not between the halves of a surrogate pair.
        var end = _left > 0 && char.IsHighSurrogate(text[_left - 1]) ? _left - 1 : _left;
        _left = 0;
        return text[..end] + Cut;
    }
}
