namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>What two neighbouring symbols become.</summary>
/// <param name="Rank">The pair with the least rank is merged first; of equal ones the leftmost.</param>
/// <param name="Symbol">The symbol that stands for both.</param>
internal readonly record struct Merge(int Rank, int Symbol)
{
    /// <summary>The pair stays two symbols.</summary>
    public static readonly Merge None = new(int.MaxValue, -1);

    /// <summary>Whether the pair becomes one symbol.</summary>
    public bool IsAny => Rank != int.MaxValue;
}
