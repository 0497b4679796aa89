namespace AiRouter.Prompting.Formats.Loading;

/// <summary>A prompt format as it is written, not parsed yet.</summary>
/// <param name="Templates">Its templates by name, as transformers calls them: <c>default</c>, perhaps <c>tool_use</c> and <c>rag</c>.</param>
internal sealed record FoundFormat(IReadOnlyDictionary<string, TemplateSource> Templates)
{
    /// <summary>One template for everything.</summary>
    public FoundFormat(TemplateSource template)
        : this(new Dictionary<string, TemplateSource>(StringComparer.Ordinal) { [TokenizerConfig.Default] = template })
    {
    }

    /// <summary>What is said of it besides its text; null: nothing.</summary>
    public FormatEntry? Entry { get; init; }

    /// <summary>Special tokens that its tokenizer lists.</summary>
    public IReadOnlyCollection<string> SpecialTokens { get; init; } = [];
}
