using AiRouter.Prompting.Tokens.Segments;

namespace AiRouter.Prompting.Tokens.HuggingFace;

/// <summary>What a <c>pre_tokenizer</c> does.</summary>
internal sealed record PreTokenization
{
    /// <summary>What it changes.</summary>
    public List<ITextRule> Rules { get; } = [];

    /// <summary>How it splits.</summary>
    public List<PatternSplit> Splits { get; } = [];

    /// <summary>Whether pieces are encoded as bytes.</summary>
    public bool IsByteLevel { get; set; }
}
