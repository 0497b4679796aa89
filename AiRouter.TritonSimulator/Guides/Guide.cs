namespace AiRouter.TritonSimulator.Guides;

/// <summary>What an answer must be, whatever tensors or members a family has for it.</summary>
/// <param name="Kind">What the text is.</param>
/// <param name="Text">A JSON schema, a regular expression, a grammar; nothing for any JSON.</param>
/// <param name="Choices">The texts to choose from.</param>
internal sealed record Guide(GuideKind Kind, string Text = "", IReadOnlyList<string>? Choices = null);

/// <summary>The kinds of <see cref="Guide"/>.</summary>
internal enum GuideKind
{
    Json,
    JsonSchema,
    Regex,
    Grammar,
    Choice,
}
