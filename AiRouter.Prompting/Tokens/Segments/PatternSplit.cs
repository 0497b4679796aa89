using System.Text.RegularExpressions;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>Splits pieces where a pattern matches.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="behavior">Where a match goes.</param>
/// <param name="inverted">What the pattern does not match counts as the matches.</param>
internal sealed class PatternSplit(Regex pattern, SplitBehavior behavior, bool inverted = false)
{
    /// <summary>Splits one piece of <paramref name="text"/> into more.</summary>
    public void Split(ReadOnlySpan<char> text, int start, int end, ref PieceList pieces)
    {
        var writer = new SplitWriter(start, behavior);
        var last = start;
        foreach (var match in pattern.EnumerateMatches(text[start..end]))
        {
            writer.Add(last, start + match.Index, inverted, ref pieces);
            last = start + match.Index + match.Length;
            writer.Add(last - match.Length, last, !inverted, ref pieces);
        }

        writer.Add(last, end, inverted, ref pieces);
        writer.End(end, ref pieces);
    }

    /// <summary>Puts matches and what lies between them together as the behavior says.</summary>
    private struct SplitWriter(int start, SplitBehavior behavior)
    {
        // The piece that is not closed yet begins here.
        private int _open = start;
        private bool _wasMatch;

        public void Add(int from, int to, bool isMatch, ref PieceList pieces)
        {
            if (from == to)
            {
                return;
            }

            var joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => isMatch && !_wasMatch,
                SplitBehavior.MergedWithNext => _wasMatch && !isMatch,
                SplitBehavior.Contiguous => _wasMatch == isMatch,
                _ => false,
            };
            if (!joins)
            {
                End(from, ref pieces);
            }

            _wasMatch = isMatch;
        }

        public void End(int at, ref PieceList pieces)
        {
            if (behavior != SplitBehavior.Removed || !_wasMatch)
            {
                pieces.Add(_open, at);
            }

            _open = at;
        }
    }
}

/// <summary>Where a match of a <see cref="PatternSplit"/> goes.</summary>
internal enum SplitBehavior
{
    /// <summary>It is a piece.</summary>
    Isolated,

    /// <summary>It is left out.</summary>
    Removed,

    /// <summary>To the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>To the piece behind it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring matches are one piece.</summary>
    Contiguous,
}
