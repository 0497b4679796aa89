namespace AiRouter.Prompting.Formats.Preview;

/// <summary>A prompt that was rendered to be looked at, or why there is none.</summary>
public sealed record PreviewedPrompt
{
    /// <summary>The prompt; empty when there is none.</summary>
    public string Text { get; init; } = "";

    /// <summary>The prompt cut at its special tokens: put together it is <see cref="Text"/>.</summary>
    public IReadOnlyList<PromptSegment> Segments { get; init; } = [];

    /// <summary>Why there is no prompt, in a line; null: there is one.</summary>
    public string? Failure { get; init; }

    /// <summary>Where in the template that shows, when it does.</summary>
    public TemplateProblem? Problem { get; init; }

    /// <summary>What there is to know about the prompt, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the format tells about its model; null when it could not be loaded.</summary>
    public FormatTraits? Traits { get; init; }
}

/// <summary>A piece of a prompt.</summary>
/// <param name="Text">Its text.</param>
/// <param name="IsToken">Whether the tokenizer takes it, as far as is known, for one special token and not for text.</param>
public sealed record PromptSegment(string Text, bool IsToken);
