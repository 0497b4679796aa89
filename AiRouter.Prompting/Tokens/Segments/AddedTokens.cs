using System.Buffers;

namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>The added tokens of a vocabulary: the leftmost, and of those the longest, is found first.</summary>
internal sealed class AddedTokens
{
    private readonly Dictionary<string, AddedToken> _tokens;
    private readonly LongestMatch _longest;
    private readonly SearchValues<string> _any;

    /// <summary>Takes them; of two with one text the last counts.</summary>
    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _tokens = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in tokens.Where(token => token.Content.Length > 0))
        {
            _tokens[token.Content] = token;
        }

        _longest = new LongestMatch(_tokens.Keys);
        _any = SearchValues.Create([.. _tokens.Keys], StringComparison.Ordinal);
    }

    /// <summary>Goes through a text: its added tokens, and what lies between them.</summary>
    public TextSegments Split(ReadOnlySpan<char> text) => new(this, text);

    /// <summary>The next token at or behind a place; null when there is none.</summary>
    internal AddedToken? Next(ReadOnlySpan<char> text, int from, out int start)
    {
        start = from;
        if (_tokens.Count == 0)
        {
            return null;
        }

        while (text[start..].IndexOfAny(_any) is >= 0 and var found)
        {
            start += found;
            var token = _tokens.GetAlternateLookup<ReadOnlySpan<char>>()[text.Slice(start, _longest.At(text[start..]))];
            if (!token.IsSingleWord || IsWord(text, start, start + token.Content.Length))
            {
                return token;
            }

            start += token.Content.Length;
        }

        return null;
    }

    private static bool IsWord(ReadOnlySpan<char> text, int start, int end) =>
        (start == 0 || !IsWordLetter(text[start - 1])) && (end == text.Length || !IsWordLetter(text[end]));

    private static bool IsWordLetter(char letter) => char.IsLetterOrDigit(letter) || letter == '_';
}
