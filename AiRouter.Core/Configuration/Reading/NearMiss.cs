namespace AiRouter.Core.Configuration.Reading;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearMiss
{
    /// <summary><c> (did you mean "x"?)</c>, or <c> (there are: a, b)</c>, or nothing when there are none.</summary>
    public static string Hint(string written, IEnumerable<string> names)
    {
        var all = names as IReadOnlyCollection<string> ?? [.. names];
        return Find(written, all) is { } near ? $" (did you mean \"{near}\"?)" : List(all);
    }

    /// <summary><c> (there are: a, b)</c>: at most ten of them.</summary>
    public static string List(IReadOnlyCollection<string> names) => names.Count switch
    {
        0 => " (there are none)",
        <= 10 => $" (there are: {string.Join(", ", names)})",
        _ => $" (there are: {string.Join(", ", names.Take(10))} and {names.Count - 10} more)",
    };

    /// <summary>The nearest name, or null when none is near.</summary>
    public static string? Find(string written, IEnumerable<string> names) =>
        FindAll(written, names, 1) is [var nearest] ? nearest : null;

    /// <summary>The nearest names, the nearest first.</summary>
    /// <param name="written">What was written.</param>
    /// <param name="names">The names that there are.</param>
    /// <param name="most">How many at most.</param>
    public static IReadOnlyList<string> FindAll(string written, IEnumerable<string> names, int most)
    {
        var plain = Plain(written);

        // One wrong letter in three, none in a single one.
        var limit = ((plain.Length + 1) / 3) + 1;
        return
        [
            .. names.Select(name => (Name: name, Distance: Distance(plain, name, limit)))
                .Where(n => n.Distance < limit).OrderBy(static n => n.Distance).Take(most).Select(static n => n.Name),
        ];
    }

    private static int Distance(string plain, string name, int limit)
    {
        var other = Plain(name);
        return plain == other ? 0
            : plain.Length >= 4 && other.StartsWith(plain, StringComparison.Ordinal) ? 1
            : Edits(plain, other, limit);
    }

    // api_key, ApiKey and api-key are all apiKey.
    private static string Plain(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    // Levenshtein with two rows; lengths too far apart are not worth counting.
    private static int Edits(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit)
        {
            return limit;
        }

        var above = Enumerable.Range(0, b.Length + 1).ToArray();
        var row = new int[b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(above[j], row[j - 1]) + 1);
            }

            (above, row) = (row, above);
        }

        return above[b.Length];
    }
}
