namespace AiRouter.Admin.Components.Shared.Comparing;

/// <summary>A line of a comparison.</summary>
/// <param name="Kind">Whether it stays, goes or is new.</param>
/// <param name="Text">What it says.</param>
/// <param name="Before">Its number in the text before, from 1; null: it is not there.</param>
/// <param name="After">Its number in the text after, from 1; null: it is not there.</param>
public sealed record DiffLine(DiffKind Kind, string Text, int? Before, int? After);

/// <summary>What becomes of a line.</summary>
public enum DiffKind
{
    /// <summary>It is in both texts.</summary>
    Same,

    /// <summary>It is in the text before only.</summary>
    Removed,

    /// <summary>It is in the text after only.</summary>
    Added,

    /// <summary>Stands for equal lines that are not shown.</summary>
    LeftOut,
}
