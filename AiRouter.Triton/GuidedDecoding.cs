namespace AiRouter.Triton;

/// <summary>What the model's answer must be, token by token.</summary>
/// <param name="Kind">What <paramref name="Guide"/> is.</param>
/// <param name="Guide">
/// A JSON schema, a regular expression, a grammar in EBNF, or a JSON array of strings; empty for <see cref="GuideKind.Json"/>.
/// </param>
public sealed record GuidedDecoding(GuideKind Kind, string Guide);

/// <summary>The kinds of <see cref="GuidedDecoding"/>.</summary>
public enum GuideKind
{
    /// <summary>Any JSON object.</summary>
    Json,

    /// <summary>JSON of a schema.</summary>
    JsonSchema,

    /// <summary>A text that a regular expression matches as a whole.</summary>
    Regex,

    /// <summary>One of some texts.</summary>
    Choice,

    /// <summary>A text of a grammar.</summary>
    Grammar,
}
