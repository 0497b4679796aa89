using System.Buffers;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>Finds the longest of many texts at a place.</summary>
internal sealed class LongestMatch
{
    private readonly HashSet<string> _texts;
    private readonly SearchValues<char> _first;
    private readonly int[] _lengths;

    /// <summary>Of <paramref name="texts"/>; empty ones match nowhere.</summary>
    public LongestMatch(IEnumerable<string> texts)
    {
        _texts = texts.Where(text => text.Length > 0).ToHashSet(StringComparer.Ordinal);
        _first = SearchValues.Create([.. _texts.Select(text => text[0])]);
        _lengths = [.. _texts.Select(text => text.Length).Distinct().OrderDescending()];
    }

    /// <summary>The texts.</summary>
    public IReadOnlyCollection<string> Texts => _texts;

    /// <summary>How long the one is that <paramref name="text"/> begins with; 0: it begins with none.</summary>
    public int At(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !_first.Contains(text[0]))
        {
            return 0;
        }

        var lookup = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var length in _lengths)
        {
            if (length <= text.Length && lookup.Contains(text[..length]))
            {
                return length;
            }
        }

        return 0;
    }
}
