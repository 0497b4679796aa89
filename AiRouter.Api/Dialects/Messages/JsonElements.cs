using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Dialects.Messages;

/// <summary>JSON that has been read, on its way into JSON that is made.</summary>
internal static class JsonElements
{
    /// <summary>A node with the element's value; the element's document has to live as long.</summary>
    public static JsonNode? ToNode(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(element),
        JsonValueKind.Array => JsonArray.Create(element),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(element),
    };

    /// <summary>The members of an object, to be taken out one by one.</summary>
    /// <exception cref="ArgumentException">It has the same member twice.</exception>
    public static MemberReader MembersOf(JsonElement element) =>
        new(element.EnumerateObject().ToDictionary(static p => p.Name, static p => p.Value, StringComparer.Ordinal));

    /// <summary>A string in an object; null when there is none, or when it has half a surrogate pair, which is no text.</summary>
    public static string? TextIn(JsonElement owner, string name)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty(name, out var value) ||
            value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        return JsonText.Unquote(JsonMarshal.GetRawUtf8Value(value));
    }

    /// <summary>Whether an object has a string that is not empty.</summary>
    public static bool HasText(JsonElement owner, string name, out JsonElement text)
    {
        text = default;
        return owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out text) &&
            text.ValueKind == JsonValueKind.String && !text.ValueEquals(""u8);
    }

    /// <summary>A value as it was written; bytes that are no UTF-8, which backends may send, become replacement characters.</summary>
    public static string RawText(JsonElement element) => Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(element));

    /// <summary>Writes a string that was read, as it was escaped there.</summary>
    public static void WriteText(Utf8JsonWriter json, string name, JsonElement text)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(text), skipInputValidation: true);
    }

    /// <summary>An object or array in an object; <c>Undefined</c> when there is none of this kind.</summary>
    public static JsonElement In(JsonElement owner, string name, JsonValueKind kind) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : default;
}
