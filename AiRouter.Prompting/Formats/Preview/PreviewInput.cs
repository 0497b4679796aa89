using AiRouter.Core.Configuration;

namespace AiRouter.Prompting.Formats.Preview;

/// <summary>What a prompt is previewed of.</summary>
public sealed record PreviewInput
{
    /// <summary>What <c>promptFormat</c> may be: a name or a file. With <see cref="IsTemplate"/> a Jinja template.</summary>
    public required string Format { get; init; }

    /// <summary>Whether <see cref="Format"/> is a template itself: then no file is looked for, whatever it looks like.</summary>
    public bool IsTemplate { get; init; }

    /// <summary>How the format is used.</summary>
    public PromptConfig Prompt { get; init; } = new();

    /// <summary>What is rendered.</summary>
    public required Conversation Conversation { get; init; }
}
