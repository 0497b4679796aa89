using System.Text.Json;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>
/// The guide of vLLM's sampling parameters: a text with JSON, of which one member is set. What the backend cannot make
/// its parameters of fails without a reason; what the engine then finds wrong has one.
/// </summary>
internal static class VllmGuide
{
    private static readonly HashSet<string> Kinds = ["json", "regex", "choice", "grammar", "json_object"];

    private static readonly HashSet<string> Settings =
    [
        "backend", "disable_fallback", "disable_any_whitespace", "disable_additional_properties", "whitespace_pattern",
    ];

    /// <summary>
    /// The guide; null without <paramref name="refused"/> when the backend fails to make parameters of it.
    /// </summary>
    public static Guide? Read(JsonElement value, out string? refused)
    {
        refused = null;
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(value.GetString()!);
            return Parse(document.RootElement, ref refused);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Guide? Parse(JsonElement root, ref string? refused)
    {
        if (root.ValueKind != JsonValueKind.Object
            || !root.EnumerateObject().All(member => Kinds.Contains(member.Name) || Settings.Contains(member.Name)))
        {
            return null;
        }

        JsonProperty[] given = [.. root.EnumerateObject()
            .Where(member => Kinds.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)];
        if (given is not [var one])
        {
            return null;
        }

        return (one.Name, one.Value.ValueKind) switch
        {
            ("json_object", JsonValueKind.True) => new Guide(GuideKind.Json),
            ("json", JsonValueKind.String) => Schema(one.Value.GetString()!, ref refused),
            ("json", JsonValueKind.Object) => Schema(one.Value.GetRawText(), ref refused),
            ("regex", JsonValueKind.String) => Pattern(one.Value.GetString()!, ref refused),
            ("grammar", JsonValueKind.String) => Grammar(one.Value.GetString()!, ref refused),
            ("choice", JsonValueKind.Array) => Choice(one.Value, ref refused),
            _ => null,
        };
    }

    private static Guide? Schema(string schema, ref string? refused)
    {
        try
        {
            using var document = JsonDocument.Parse(schema);
            return new Guide(GuideKind.JsonSchema, schema);
        }
        catch (JsonException)
        {
            refused = "Invalid JSON grammar specification.";
            return null;
        }
    }

    private static Guide? Pattern(string pattern, ref string? refused)
    {
        refused = GuidedText.WhyPatternWrong(pattern) is { } problem
            ? "Failed to transform regex into a grammar: " + problem
            : null;
        return refused is null ? new Guide(GuideKind.Regex, pattern) : null;
    }

    private static Guide? Grammar(string grammar, ref string? refused)
    {
        if (grammar.Contains("::=", StringComparison.Ordinal) || grammar.Contains(':', StringComparison.Ordinal))
        {
            return new Guide(GuideKind.Grammar, grammar);
        }

        refused = "Invalid grammar specification.";
        return null;
    }

    private static Guide? Choice(JsonElement choices, ref string? refused)
    {
        if (choices.GetArrayLength() == 0)
        {
            refused = "Choice '[]' cannot be an empty list";
            return null;
        }

        return choices.EnumerateArray().All(choice => choice.ValueKind == JsonValueKind.String)
            ? new Guide(GuideKind.Choice, Choices: [.. choices.EnumerateArray().Select(choice => choice.GetString()!)])
            : null;
    }
}
