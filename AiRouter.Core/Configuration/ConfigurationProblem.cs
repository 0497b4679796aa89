namespace AiRouter.Core.Configuration;

/// <summary>One thing that is wrong with a configuration. It never holds a secret.</summary>
/// <param name="Path">The value, such as <c>models.llama.targets[1].backend</c>; empty for the document as a whole.</param>
/// <param name="Message">What is wrong and what to do about it.</param>
/// <param name="Source">Where it was written: a file with its line, or an environment variable; null when unknown.</param>
public sealed record ConfigurationProblem(string Path, string Message, string? Source)
{
    /// <summary>Where in the text that was read; null when unknown.</summary>
    public TextPlace? Place { get; init; }

    /// <summary>One line for people.</summary>
    public override string ToString() =>
        (Path.Length > 0 ? $"{Path}: {Message}" : Message) + (Source is null ? "" : $" [{Source}]");
}

/// <summary>A place in a text, both from 1.</summary>
/// <param name="Line">The line.</param>
/// <param name="Column">The character of the line, in UTF-16 units as editors count.</param>
public readonly record struct TextPlace(int Line, int Column);
