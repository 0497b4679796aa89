namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>A token that is found in a text as it stands there, before anything else is done with the text.</summary>
/// <param name="Content">Its text.</param>
internal sealed record AddedToken(string Content)
{
    /// <summary>It counts as such between other letters too; else only as a word of its own.</summary>
    public bool IsSingleWord { get; init; }

    /// <summary>White space before it belongs to it.</summary>
    public bool TakesSpaceBefore { get; init; }

    /// <summary>White space behind it belongs to it.</summary>
    public bool TakesSpaceBehind { get; init; }
}
