using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.Core.Json;

/// <summary>
/// JSON of nodes and texts, written and read without reflection: <see cref="JsonSerializer"/>'s plain overloads do not work in a
/// program that was compiled ahead of time.
/// </summary>
public static class JsonBytes
{
    private static readonly PlainJson Relaxed = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The node as UTF-8; what is not ASCII is escaped.</summary>
    public static byte[] Of(JsonNode? node) => JsonSerializer.SerializeToUtf8Bytes(node, PlainJson.Default.JsonNode!);

    /// <summary>The node as UTF-8; what is not ASCII stays as it is.</summary>
    public static byte[] RelaxedOf(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Relaxed.JsonNode);

    /// <summary>The text with its quotes; what is not ASCII is escaped.</summary>
    public static byte[] Of(string text) => JsonSerializer.SerializeToUtf8Bytes(text, PlainJson.Default.String);

    /// <summary>A list of texts; what is not ASCII is escaped.</summary>
    public static byte[] Of(string[] texts) => JsonSerializer.SerializeToUtf8Bytes(texts, PlainJson.Default.StringArray);

    /// <summary>The node as an element that needs no disposal.</summary>
    public static JsonElement ElementOf(JsonNode? node) => JsonSerializer.SerializeToElement(node, PlainJson.Default.JsonNode!);

    /// <summary>The object that the text is.</summary>
    /// <exception cref="JsonException">It is something else.</exception>
    public static JsonObject ReadObject(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, PlainJson.Default.JsonObject)!;
}
