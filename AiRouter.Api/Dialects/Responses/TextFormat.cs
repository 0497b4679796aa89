using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.Triton.Requests;

namespace AiRouter.Api.Dialects.Responses;

/// <summary><c>text.format</c> as chat's <c>response_format</c>, in which a schema has an object of its own.</summary>
internal static class TextFormat
{
    private const string Path = "text.format";

    /// <summary>The format; null for plain text, and for an error.</summary>
    public static JsonObject? ToChat(MemberReader reader, JsonElement? format)
    {
        if (format is not { } given)
        {
            return null;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            reader.FailType(Path, "an object", given);
            return null;
        }

        switch (reader.TextOf(given.Member("type"), $"{Path}.type"))
        {
            case "text":
                return null;
            case "json_object":
                return new JsonObject { ["type"] = "json_object" };
            case "json_schema":
                return OfSchema(reader, given);
            case null when given.IsEmpty():
                return null;
            case null:
                reader.Fail($"{Path}.type", $"Missing required parameter: '{Path}.type'.");
                return null;
            default:
                reader.Fail(
                    $"{Path}.type", $"Invalid value for '{Path}.type': expected one of 'text', 'json_object' and 'json_schema'.");
                return null;
        }
    }

    private static JsonObject? OfSchema(MemberReader reader, JsonElement format)
    {
        if (FunctionReader.ReadName(reader, format, Path) is not { } name)
        {
            return null;
        }

        var schema = new JsonObject { ["name"] = name };
        foreach (var member in (string[])["description", "schema", "strict"])
        {
            if (format.Member(member) is { } value)
            {
                schema[member] = value.ToNode();
            }
        }

        return new JsonObject { ["type"] = "json_schema", ["json_schema"] = schema };
    }
}
