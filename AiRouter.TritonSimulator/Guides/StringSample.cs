using System.Text.Json;
using System.Text.Json.Nodes;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>A text that the schema of a string allows.</summary>
internal static class StringSample
{
    public static JsonNode? Make(JsonElement schema)
    {
        if (schema.TryGetProperty("pattern", out var pattern))
        {
            return RegexSample.Make(pattern.GetString() ?? "");
        }

        if (schema.TryGetProperty("format", out var format))
        {
            return OfFormat(format.GetString());
        }

        var least = Length(schema, "minLength") ?? 0;
        var most = Length(schema, "maxLength") ?? int.MaxValue;
        const string text = "text";
        return text.Length > most ? text[..most] : text.PadRight(least, 't');
    }

    private static int? Length(JsonElement schema, string name)
    {
        return schema.TryGetProperty(name, out var length) && length.TryGetInt32(out var value) ? value : null;
    }

    private static string OfFormat(string? format)
    {
        return format switch
        {
            "date-time" => "2026-01-15T12:00:00Z",
            "date" => "2026-01-15",
            "time" => "12:00:00Z",
            "duration" => "P1D",
            "email" => "somebody@example.com",
            "hostname" => "example.com",
            "ipv4" => "192.0.2.1",
            "ipv6" => "2001:db8::1",
            "uri" or "uri-reference" => "https://example.com/",
            "uuid" => "00000000-0000-4000-8000-000000000000",
            _ => "text",
        };
    }
}
