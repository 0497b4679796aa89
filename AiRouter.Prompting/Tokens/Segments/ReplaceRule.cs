namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>Replaces one text by another.</summary>
internal sealed class ReplaceRule(string pattern, string content) : ITextRule
{
    /// <inheritdoc/>
    public string? Apply(ReadOnlySpan<char> text, bool isStart) =>
        text.Contains(pattern, StringComparison.Ordinal)
            ? text.ToString().Replace(pattern, content, StringComparison.Ordinal)
            : null;
}
