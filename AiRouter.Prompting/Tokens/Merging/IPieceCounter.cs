namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>Counts the tokens of a piece of text that is encoded by itself.</summary>
internal interface IPieceCounter
{
    /// <summary>Its tokens.</summary>
    int Count(ReadOnlySpan<char> piece);
}
