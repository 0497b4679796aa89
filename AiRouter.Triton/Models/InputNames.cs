namespace AiRouter.Triton.Models;

/// <summary>
/// What a family calls its inputs: for each setting the names that releases gave it, newest first. Of these the one
/// that the model declares is sent.
/// </summary>
internal sealed record InputNames
{
    public required string[] MaxTokens { get; init; }

    public required string[] Stream { get; init; }

    public required string[] ExcludePrompt { get; init; }

    /// <summary>Inputs set to true wherever they are declared: outputs that AiRouter reads.</summary>
    public required string[] Wanted { get; init; }

    public required IReadOnlyDictionary<GenerationParameter, string[]> Parameters { get; init; }
}
