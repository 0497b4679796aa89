namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>Puts a text before a segment.</summary>
/// <param name="prefix">The text.</param>
/// <param name="onlyIfMissing">Not before segments that begin so.</param>
/// <param name="onlyAtStart">Only before the segment that begins the whole text.</param>
internal sealed class PrefixRule(string prefix, bool onlyIfMissing, bool onlyAtStart = false) : ITextRule
{
    /// <inheritdoc/>
    public string? Apply(ReadOnlySpan<char> text, bool isStart) =>
        (onlyIfMissing && text.StartsWith(prefix, StringComparison.Ordinal)) || (onlyAtStart && !isStart)
            ? null
            : string.Concat(prefix, text);
}
