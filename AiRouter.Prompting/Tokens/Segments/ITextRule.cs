namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>Changes a segment before it is split into pieces.</summary>
internal interface ITextRule
{
    /// <summary>The changed text; null: it stays as it is.</summary>
    /// <param name="text">The segment, not empty.</param>
    /// <param name="isStart">The whole text begins with it.</param>
    string? Apply(ReadOnlySpan<char> text, bool isStart);
}
