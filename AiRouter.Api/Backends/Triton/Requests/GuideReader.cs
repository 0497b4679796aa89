using System.Text.Json;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// Reads what the answer must be: <c>response_format</c>, vLLM's <c>guided_json</c>, <c>guided_regex</c>,
/// <c>guided_choice</c> and <c>guided_grammar</c>, and their newer form, the object <c>structured_outputs</c>. One of them
/// at most.
/// </summary>
internal static class GuideReader
{
    private static readonly string[] Parameters =
        ["response_format", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "structured_outputs"];

    /// <summary>The guide and what the client called it; null: the answer is free.</summary>
    public static AskedGuide? Read(MemberReader reader, Translation translation)
    {
        AskedGuide? asked = null;
        foreach (var name in Parameters)
        {
            if (reader.Take(name) is not { } value || ReadGuide(reader, translation, name, value) is not { } guide)
            {
                continue;
            }

            if (asked is not null)
            {
                reader.Fail(name, $"Invalid '{name}': '{asked.Parameter}' says already what the answer must be.");
            }

            asked = new AskedGuide(guide, name);
        }

        return reader.Error is null ? asked : null;
    }

    /// <summary>The guide, where the model can be guided; else it is refused, never left out.</summary>
    public static AskedGuide? Fit(MemberReader reader, Translation translation, AskedGuide? guide)
    {
        if (guide is null || translation.Serving.Supports(GenerationParameter.Guide))
        {
            return guide;
        }

        SamplingReader.Reject(
            reader, translation, guide.Parameter, "it has no guided decoding, so nothing could hold its answer to a form");
        return null;
    }

    private static GuidedDecoding? ReadGuide(
        MemberReader reader, Translation translation, string name, JsonElement value)
    {
        return name switch
        {
            "response_format" => ReadResponseFormat(reader, translation, value),
            "structured_outputs" => ReadStructured(reader, translation, value),
            "guided_json" => ReadSchema(reader, name, value),
            "guided_regex" => ReadText(reader, name, value, GuideKind.Regex),
            "guided_grammar" => ReadText(reader, name, value, GuideKind.Grammar),
            _ => ReadChoice(reader, name, value),
        };
    }

    private static GuidedDecoding? ReadResponseFormat(MemberReader reader, Translation translation, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("response_format", "an object", value);
            return null;
        }

        switch (MemberReader.TextIn(value, "type"))
        {
            case null:
                reader.Fail("response_format.type", "Missing required parameter: 'response_format.type'.");
                return null;
            case "text":
                return null;
            case "json_object":
                return new GuidedDecoding(GuideKind.Json, "");
            case "json_schema":
                return ReadJsonSchema(reader, value);
            default:
                SamplingReader.Reject(
                    reader, translation, "response_format", "its type must be 'text', 'json_object' or 'json_schema'");
                return null;
        }
    }

    /// <summary>The schema holds whether <c>strict</c> or not: a model that is constrained cannot do less.</summary>
    private static GuidedDecoding? ReadJsonSchema(MemberReader reader, JsonElement format)
    {
        const string Path = "response_format.json_schema";
        if (!format.TryGetProperty("json_schema", out var described) || described.ValueKind != JsonValueKind.Object)
        {
            reader.Fail(Path, $"Missing required parameter: '{Path}'.");
            return null;
        }

        if (FunctionReader.ReadName(reader, described, Path) is null)
        {
            return null;
        }

        if (!described.TryGetProperty("schema", out var schema) || schema.ValueKind == JsonValueKind.Null)
        {
            return new GuidedDecoding(GuideKind.Json, "");
        }

        return ReadSchema(reader, $"{Path}.schema", schema);
    }

    private static GuidedDecoding? ReadStructured(MemberReader reader, Translation translation, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            reader.FailType("structured_outputs", "an object", value);
            return null;
        }

        GuidedDecoding? guide = null;
        foreach (var member in value.EnumerateObject().Where(m => !IsOff(m.Value)))
        {
            var path = $"structured_outputs.{member.Name}";
            var read = member.Name switch
            {
                "json" => ReadSchema(reader, path, member.Value),
                "regex" => ReadText(reader, path, member.Value, GuideKind.Regex),
                "choice" => ReadChoice(reader, path, member.Value),
                "grammar" => ReadText(reader, path, member.Value, GuideKind.Grammar),
                "json_object" when member.Value.ValueKind == JsonValueKind.True =>
                    new GuidedDecoding(GuideKind.Json, ""),
                _ => null,
            };
            if (member.Name == "structural_tag")
            {
                // A guide as well, and none that a backend is known to take.
                SamplingReader.Reject(reader, translation, path);
            }
            else if (read is null)
            {
                SamplingReader.RejectOrDrop(reader, translation, path);
            }
            else if (guide is not null)
            {
                reader.Fail(path, $"Invalid '{path}': the object says already what the answer must be.");
            }

            guide ??= read;
        }

        return guide;
    }

    /// <summary>A schema as an object, or as text that holds one.</summary>
    private static GuidedDecoding? ReadSchema(MemberReader reader, string path, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                return new GuidedDecoding(GuideKind.JsonSchema, value.GetRawText());
            case JsonValueKind.String when IsObject(value.GetString()!):
                return new GuidedDecoding(GuideKind.JsonSchema, value.GetString()!);
            case JsonValueKind.String:
                reader.Fail(path, $"Invalid '{path}': expected a JSON schema, which is an object.");
                return null;
            default:
                reader.FailType(path, "a JSON schema, which is an object", value);
                return null;
        }
    }

    private static GuidedDecoding? ReadText(MemberReader reader, string path, JsonElement value, GuideKind kind)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            reader.FailType(path, "a string", value);
            return null;
        }

        if (value.ValueEquals(""))
        {
            reader.Fail(path, $"Invalid '{path}': it is empty.");
            return null;
        }

        return new GuidedDecoding(kind, value.GetString()!);
    }

    private static GuidedDecoding? ReadChoice(MemberReader reader, string path, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 &&
            value.EnumerateArray().All(v => v.ValueKind == JsonValueKind.String && !v.ValueEquals("")))
        {
            return new GuidedDecoding(GuideKind.Choice, value.GetRawText());
        }

        reader.Fail(path, $"Invalid '{path}': expected a list of strings, none of them empty.");
        return null;
    }

    private static bool IsOff(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.False;

    private static bool IsObject(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

/// <summary>What the answer must be, and which parameter says so.</summary>
internal sealed record AskedGuide(GuidedDecoding Guide, string Parameter);
