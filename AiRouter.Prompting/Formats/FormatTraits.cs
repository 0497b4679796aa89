using System.Collections.Frozen;

namespace AiRouter.Prompting.Formats;

/// <summary>What a prompt format tells about the model besides its prompts.</summary>
public sealed record FormatTraits
{
    /// <summary>How the model calls tools: a name of <see cref="Outputs.OutputParsers"/>, or null.</summary>
    public string? ToolCalls { get; init; }

    /// <summary>How the model marks its reasoning: a name of <see cref="Outputs.OutputParsers"/>, or null.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Texts of the tokens that end an answer.</summary>
    public IReadOnlyList<string> EndTokens { get; init; } = [];

    /// <summary>Whether the template shows tools to the model.</summary>
    public bool TakesTools => Names.Contains("tools");

    /// <summary>Whether the template has a place for images among a user's words.</summary>
    public bool TakesImages { get; init; }

    /// <summary>Every name that stands in the template: a variable that is not here says nothing to it.</summary>
    public IReadOnlySet<string> Names { get; init; } = FrozenSet<string>.Empty;
}
