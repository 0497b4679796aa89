namespace AiRouter.Core.Keys;

/// <summary>A name with <c>*</c> anywhere, each standing for any run of characters (also none); case counts.</summary>
public sealed class WildcardPattern(string pattern)
{
    private readonly string[] _literals = pattern.Split('*');

    /// <summary>As written.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Whether there is a <c>*</c> at all.</summary>
    public bool IsExact => _literals.Length == 1;

    /// <summary>How many characters are not <c>*</c>: the measure of "most specific".</summary>
    public int LiteralLength { get; } = pattern.Length - pattern.Count(c => c == '*');

    /// <summary>The text before the first <c>*</c>; all of it where there is none.</summary>
    internal string Start => _literals[0];

    /// <summary>The text behind the last <c>*</c>; all of it where there is none.</summary>
    internal string End => _literals[^1];

    /// <summary>Whether <paramref name="name"/> fits. Linear in the name's length for each literal; no backtracking.</summary>
    public bool IsMatch(ReadOnlySpan<char> name)
    {
        var first = _literals[0];
        if (_literals.Length == 1)
        {
            return name.SequenceEqual(first);
        }

        var last = _literals[^1];
        if (name.Length < first.Length + last.Length || !name.StartsWith(first, StringComparison.Ordinal) ||
            !name.EndsWith(last, StringComparison.Ordinal))
        {
            return false;
        }

        var rest = name[first.Length..(name.Length - last.Length)];
        for (var i = 1; i < _literals.Length - 1; i++)
        {
            var at = rest.IndexOf(_literals[i], StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + _literals[i].Length)..];
        }

        return true;
    }
}
