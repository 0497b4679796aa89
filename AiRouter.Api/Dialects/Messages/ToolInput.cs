using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Requests;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>
/// A call's arguments as the object that a message needs. What is no object (a model's slip, or a call cut off by the token limit) is
/// not replaced by an empty one, which would be another call: it stands whole in <see cref="Broken"/>, the name that Anthropic's
/// documentation gives to input that could not be read.
/// </summary>
internal static class ToolInput
{
    /// <summary>The only member of an input that is no object.</summary>
    public const string Broken = "INVALID_JSON";

    /// <summary>Writes it, as the value of a member.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="arguments">As chat has them: a string; some servers send the object itself.</param>
    public static void Write(Utf8JsonWriter json, JsonElement arguments)
    {
        switch (arguments.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(arguments), skipInputValidation: true);
                break;
            case JsonValueKind.String:
                Write(json, JsonText.Unquote(JsonMarshal.GetRawUtf8Value(arguments)) ?? JsonElements.RawText(arguments));
                break;
            default:
                json.WriteStartObject();
                json.WriteEndObject();
                break;
        }
    }

    /// <summary>Writes it, as the value of a member.</summary>
    public static void Write(Utf8JsonWriter json, string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments) || arguments == "null")
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        else if (IsObject(arguments))
        {
            json.WriteRawValue(arguments);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString(Broken, arguments);
            json.WriteEndObject();
        }
    }

    /// <summary>The input as a node.</summary>
    /// <param name="arguments">As of <see cref="Write(Utf8JsonWriter, JsonElement)"/>.</param>
    public static JsonObject ToNode(JsonElement arguments)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            Write(json, arguments);
        }

        return JsonBytes.ReadObject(output.WrittenSpan);
    }

    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            // Models write such texts; that it is none is the answer.
            return false;
        }
    }
}
