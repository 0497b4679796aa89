namespace AiRouter.Admin.Components.Shared.Comparing;

/// <summary>
/// What differs between two texts, line by line: the fewest lines removed and added that make one of the other (E. W. Myers, "An
/// O(ND) difference algorithm and its variations", 1986, in linear space). Bounded: when texts differ so much that this would take long,
/// what is left is told as one block that goes and one that comes, which is as true, only longer.
/// </summary>
public static class LineDiff
{
    // About a tenth of a second: 20,000 lines with 1,000 changes take half of it.
    private const long MostSteps = 40_000_000;

    /// <summary>All lines of both texts in order; what goes stands before what comes.</summary>
    public static IReadOnlyList<DiffLine> Between(string before, string after) => Between(before, after, MostSteps);

    /// <summary>As <see cref="Between(string, string)"/>, with a bound of one's own.</summary>
    internal static IReadOnlyList<DiffLine> Between(string before, string after, long mostSteps)
    {
        var (old, now) = (Lines(before), Lines(after));
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var paths = new ShortestEdit(Numbered(old, numbers), Numbered(now, numbers), mostSteps);
        paths.Find();
        return Merge(old, now, paths);
    }

    /// <summary>Only what differs, with some equal lines around it.</summary>
    /// <param name="lines">All lines.</param>
    /// <param name="context">How many equal lines are shown before and after each change.</param>
    public static IReadOnlyList<DiffLine> Fold(IReadOnlyList<DiffLine> lines, int context = 3)
    {
        var isShown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            for (var near = i - context; lines[i].Kind != DiffKind.Same && near <= i + context; near++)
            {
                if (near >= 0 && near < lines.Count)
                {
                    isShown[near] = true;
                }
            }
        }

        var folded = new List<DiffLine>();
        for (var i = 0; i < lines.Count; i++)
        {
            var start = i;
            while (i < lines.Count && !isShown[i])
            {
                i++;
            }

            // A single line takes as much room as the words that stand for it.
            if (i - start == 1)
            {
                folded.Add(lines[start]);
            }
            else if (i > start)
            {
                folded.Add(new DiffLine(DiffKind.LeftOut, $"{i - start} equal lines", lines[start].Before, lines[start].After));
            }

            if (i < lines.Count)
            {
                folded.Add(lines[i]);
            }
        }

        return folded;
    }

    // A text that ends with a line break has no line after it.
    private static string[] Lines(string text)
    {
        var plain = text.ReplaceLineEndings("\n");
        var lines = plain.Split('\n');
        return plain.Length == 0 || plain[^1] == '\n' ? lines[..^1] : lines;
    }

    private static int[] Numbered(string[] lines, Dictionary<string, int> numbers)
    {
        var numbered = new int[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!numbers.TryGetValue(lines[i], out numbered[i]))
            {
                numbers.Add(lines[i], numbered[i] = numbers.Count);
            }
        }

        return numbered;
    }

    private static List<DiffLine> Merge(string[] old, string[] now, ShortestEdit edit)
    {
        var lines = new List<DiffLine>(Math.Max(old.Length, now.Length));
        var (i, j) = (0, 0);
        while (i < old.Length || j < now.Length)
        {
            if (i < old.Length && edit.Removed[i])
            {
                lines.Add(new DiffLine(DiffKind.Removed, old[i], ++i, null));
            }
            else if (j < now.Length && edit.Added[j])
            {
                lines.Add(new DiffLine(DiffKind.Added, now[j], null, ++j));
            }
            else
            {
                lines.Add(new DiffLine(DiffKind.Same, old[i], ++i, ++j));
            }
        }

        return lines;
    }
}
