using AiRouter.Prompting.Tokens.Merging;
using FsCheck.Xunit;

namespace AiRouter.Tests.Prompting.Tokens;

/// <summary>Short and long pieces are merged by two ways: both are what the definition says.</summary>
public sealed class SymbolMergerTests
{
    [Property(MaxTest = 200)]
    public bool Long_pieces_merge_as_by_definition(int seed)
    {
        var random = new Random(seed);
        var table = RandomTable(random, out var pairs);
        var symbols = Enumerable.Range(0, random.Next(1, 400)).Select(_ => random.Next(4)).ToArray();

        var expected = ByDefinition([.. symbols], pairs);
        var count = SymbolMerger.Merge(symbols, table);

        return symbols.AsSpan(0, count).SequenceEqual(expected.ToArray());
    }

    [Fact]
    public void Symbols_below_zero_never_merge()
    {
        var table = new MergeTable(1);
        table.Add(0, 0, new Merge(0, 1));
        int[] symbols = [0, -1, 0, 0, -1];

        Assert.Equal(4, SymbolMerger.Merge(symbols, table));
        Assert.Equal([0, -1, 1, -1], symbols[..4]);
    }

    private static MergeTable RandomTable(Random random, out Dictionary<(int, int), Merge> pairs)
    {
        pairs = [];
        for (var rank = 0; rank < 30; rank++)
        {
            // Some ranks twice, as in vocabularies that are their own list of ranks.
            pairs.TryAdd((random.Next(4 + rank), random.Next(4 + rank)), new Merge(rank / 2, 4 + rank));
        }

        var table = new MergeTable(pairs.Count);
        foreach (var ((left, right), merge) in pairs)
        {
            table.Add(left, right, merge);
        }

        return table;
    }

    private static List<int> ByDefinition(List<int> symbols, Dictionary<(int, int), Merge> pairs)
    {
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1)
                .Where(i => pairs.ContainsKey((symbols[i], symbols[i + 1])))
                .OrderBy(i => pairs[(symbols[i], symbols[i + 1])].Rank).ThenBy(i => i).Cast<int?>().FirstOrDefault();
            if (best is not { } at)
            {
                return symbols;
            }

            symbols[at] = pairs[(symbols[at], symbols[at + 1])].Symbol;
            symbols.RemoveAt(at + 1);
        }
    }
}
