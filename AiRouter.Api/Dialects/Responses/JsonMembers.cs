using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Api.Dialects.Responses;

/// <summary>Reads JSON whose types nobody has checked: what is not there, null or of another type is null.</summary>
internal static class JsonMembers
{
    /// <summary>A member of an object; null when it is absent or null, or the owner no object.</summary>
    public static JsonElement? Member(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) &&
        value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    /// <summary>A member that is an object.</summary>
    public static JsonElement? ObjectMember(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Object } value ? value : null;

    /// <summary>A member that is a string.</summary>
    public static string? TextMember(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.String } value ? value.Text() : null;

    /// <summary>The items of a member that is an array; of anything else none.</summary>
    public static JsonElement.ArrayEnumerator ListMember(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : default;

    /// <summary>A count: some backends write <c>12.0</c>.</summary>
    public static int? CountMember(this JsonElement owner, string name) =>
        owner.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetDouble(out var number) &&
        number is >= 0 and <= int.MaxValue
            ? (int)number
            : null;

    /// <summary>Whether it asks for nothing: null, an empty text, list or object (R11).</summary>
    public static bool IsEmpty(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => true,
        JsonValueKind.String => value.ValueEquals(""),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };

    /// <summary>The same value as a node.</summary>
    public static JsonNode? ToNode(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => JsonObject.Create(value),
        JsonValueKind.Array => JsonArray.Create(value),
        _ => JsonValue.Create(value),
    };

    /// <summary>The text of a string; half a surrogate pair, which backends may write as an escape, becomes U+FFFD.</summary>
    public static string Text(this JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The documented answer to a lone surrogate, and to bytes that are no UTF-8.
            return Repaired(Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(value)));
        }
    }

    private static string Repaired(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var at = 1; at < quoted.Length - 1; at++)
        {
            if (quoted[at] != '\\')
            {
                text.Append(quoted[at]);
                continue;
            }

            at++;
            if (quoted[at] == 'u')
            {
                text.Append((char)Convert.ToUInt16(quoted.Substring(at + 1, 4), 16));
                at += 4;
            }
            else
            {
                text.Append(quoted[at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', 'b' => '\b', 'f' => '\f', var same => same });
            }
        }

        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
