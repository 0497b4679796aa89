namespace AiRouter.Prompting.Tokens.Merging;

/// <summary>
/// Byte-pair encoding: merges the neighbours of least rank until no pair merges. Short pieces, nearly all, by looking for the
/// least rank each time; long ones with a heap: text without a space to split at must not cost its length squared.
/// </summary>
internal static class SymbolMerger
{
    private const int MostByScan = 48;

    // A piece without any place to split at; its parts are merged each for itself, so that memory stays bounded.
    private const int MostByHeap = 1 << 20;

    /// <summary>Merges in place.</summary>
    /// <returns>How many symbols are left, at the beginning of <paramref name="symbols"/>.</returns>
    public static int Merge(Span<int> symbols, MergeTable table)
    {
        if (symbols.Length <= MostByScan)
        {
            return MergeByScan(symbols, table);
        }

        var left = 0;
        for (var start = 0; start < symbols.Length; start += MostByHeap)
        {
            var part = symbols[start..Math.Min(symbols.Length, start + MostByHeap)];
            using var heap = new MergeHeap(part, table);
            var count = heap.Run(part);
            part[..count].CopyTo(symbols[left..]);
            left += count;
        }

        return left;
    }

    private static int MergeByScan(Span<int> symbols, MergeTable table)
    {
        if (symbols.Length < 2)
        {
            return symbols.Length;
        }

        // merges[i] is that of the symbols i and i + 1.
        Span<Merge> merges = stackalloc Merge[symbols.Length - 1];
        for (var i = 0; i < merges.Length; i++)
        {
            merges[i] = table.Find(symbols[i], symbols[i + 1]);
        }

        var count = symbols.Length;
        while (LeastOf(merges[..(count - 1)]) is >= 0 and var at)
        {
            symbols[at] = merges[at].Symbol;
            symbols[(at + 2)..count].CopyTo(symbols[(at + 1)..]);
            merges[(at + 1)..(count - 1)].CopyTo(merges[at..]);
            count--;
            if (at > 0)
            {
                merges[at - 1] = table.Find(symbols[at - 1], symbols[at]);
            }

            if (at < count - 1)
            {
                merges[at] = table.Find(symbols[at], symbols[at + 1]);
            }
        }

        return count;
    }

    /// <summary>The first of least rank; -1 when none merges.</summary>
    private static int LeastOf(ReadOnlySpan<Merge> merges)
    {
        var least = -1;
        var rank = int.MaxValue;
        for (var i = 0; i < merges.Length; i++)
        {
            if (merges[i].Rank < rank)
            {
                (least, rank) = (i, merges[i].Rank);
            }
        }

        return least;
    }
}
