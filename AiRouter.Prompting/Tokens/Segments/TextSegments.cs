namespace AiRouter.Prompting.Tokens.Segments;

/// <summary>A text's added tokens and what lies between them, from left to right; empty segments are left out.</summary>
internal ref struct TextSegments(AddedTokens tokens, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _searched;
    private int _next;
    private (int Start, int End)? _found;

    /// <summary>The segment.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Where it begins.</summary>
    public int Start { get; private set; }

    /// <summary>Whether it is an added token.</summary>
    public bool IsToken { get; private set; }

    /// <summary>Goes on; false at the end.</summary>
    public bool MoveNext()
    {
        while (_found is not null || _next < _text.Length)
        {
            _found ??= Find();
            var (start, end) = _found.Value;
            IsToken = start == _next;
            Start = _next;
            Current = _text[_next..(IsToken ? end : start)];
            _next = IsToken ? end : start;
            if (IsToken)
            {
                _found = null;
            }

            if (!Current.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The next token with the white space that belongs to it; at the end of the text when there is none.</summary>
    private (int Start, int End) Find()
    {
        while (tokens.Next(_text, Math.Max(_searched, _next), out var start) is { } token)
        {
            var end = start + token.Content.Length;
            _searched = end;
            if (token.TakesSpaceBefore)
            {
                start = _next + _text[_next..start].TrimEnd().Length;
            }

            if (token.TakesSpaceBehind)
            {
                end = _text.Length - _text[end..].TrimStart().Length;
            }

            return (start, end);
        }

        return (_text.Length, _text.Length);
    }
}
