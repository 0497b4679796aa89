using AiRouter.Prompting.Tokens.Merging;

namespace AiRouter.Prompting.Tokens.Tiktoken;

/// <summary>
/// The merges of a vocabulary that is its own list of ranks: any two tokens that are a token together become it, that of the
/// least rank first.
/// </summary>
internal static class RankedMerges
{
    /// <summary>The merges; a token's symbol is its rank.</summary>
    public static MergeTable Of(Dictionary<string, int> symbols)
    {
        var lookup = symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new List<(int Left, int Right, int Rank)>(symbols.Count * 2);
        foreach (var (token, rank) in symbols)
        {
            for (var at = 1; at < token.Length; at++)
            {
                if (lookup.TryGetValue(token.AsSpan(0, at), out var left) && lookup.TryGetValue(token.AsSpan(at), out var right))
                {
                    merges.Add((left, right, rank));
                }
            }
        }

        var table = new MergeTable(merges.Count);
        foreach (var (left, right, rank) in merges)
        {
            table.Add(left, right, new Merge(rank, rank));
        }

        return table;
    }
}
