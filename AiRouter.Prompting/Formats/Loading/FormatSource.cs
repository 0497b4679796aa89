using AiRouter.Prompting.Formats.Templates;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>A prompt format as it is found, before a model's settings come to it; models share it.</summary>
/// <param name="Templates">Its templates.</param>
internal sealed record FormatSource(TemplateSet Templates)
{
    /// <summary>The token that begins a prompt; null when nobody says.</summary>
    public string? Bos { get; init; }

    /// <summary>The token that ends a turn; null when nobody says.</summary>
    public string? Eos { get; init; }

    /// <summary>What it tells about the model.</summary>
    public required FormatTraits Traits { get; init; }

    /// <summary>Texts that the model's tokenizer reads as one special token each, as far as they are known.</summary>
    public IReadOnlyCollection<string> SpecialTokens { get; init; } = [];
}
