namespace AiRouter.Core.Objects;

/// <summary>Which items of a conversation are asked for.</summary>
/// <param name="IsAscending">The oldest first.</param>
/// <param name="After">The id of the item behind which they begin; null: at the beginning.</param>
/// <param name="Most">The most items; null: all.</param>
public sealed record ItemRange(bool IsAscending, string? After, int? Most)
{
    /// <summary>All of them, the oldest first.</summary>
    public static readonly ItemRange All = new(IsAscending: true, After: null, Most: null);

    /// <summary>None: only the conversation itself.</summary>
    public static readonly ItemRange None = All with { Most = 0 };
}
