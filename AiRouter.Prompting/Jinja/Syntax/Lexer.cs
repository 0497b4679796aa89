using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Syntax;

/// <summary>
/// Cuts a template into tokens as Jinja2 does with <c>trim_blocks</c> and <c>lstrip_blocks</c>: a tag takes the newline
/// after it and the blanks before it on its line; <c>-</c> takes all white space, <c>+</c> none.
/// </summary>
internal sealed class Lexer
{
    private readonly JinjaSource _source;
    private readonly string _text;
    private readonly List<Token> _tokens = [];
    private readonly Stack<char> _open = new();
    private int _at;

    // Whether what was read last ended with a newline: only then are blanks before a tag its line's first.
    private bool _lineStarts = true;

    private Lexer(JinjaSource source)
    {
        _source = source;
        _text = source.Text;
    }

    /// <summary>All tokens; the last is <see cref="TokenKind.EndOfTemplate"/>.</summary>
    /// <exception cref="JinjaException">There is something that is no token.</exception>
    public static List<Token> Read(JinjaSource source)
    {
        var lexer = new Lexer(source);
        while (lexer._at < lexer._text.Length)
        {
            lexer.ReadData();
        }

        lexer.Add(TokenKind.EndOfTemplate, string.Empty, lexer._text.Length);
        return lexer._tokens;
    }

    private void ReadData()
    {
        var start = _at;
        var tag = FindTag(start);
        if (tag < 0)
        {
            AddData(start, _text.Length);
            _at = _text.Length;
            return;
        }

        var opening = _text[tag + 1];
        var rawEnd = opening == '%' ? MatchRawBegin(tag) : -1;
        var sign = At(tag + 2);
        AddData(start, DataEnd(start, tag, sign, opening == '{' && rawEnd < 0));
        _at = tag + (sign is '-' or '+' ? 3 : 2);
        _lineStarts = false;
        if (rawEnd >= 0)
        {
            _at = rawEnd;
            _lineStarts = _text[rawEnd - 1] == '\n';
            ReadRaw(tag);
            return;
        }

        switch (opening)
        {
            case '#':
                ReadComment(tag);
                break;
            case '%':
                Add(TokenKind.BlockBegin, "{%", tag);
                ReadTag(isBlock: true);
                break;
            default:
                Add(TokenKind.VariableBegin, "{{", tag);
                ReadTag(isBlock: false);
                break;
        }
    }

    private int FindTag(int start)
    {
        for (var at = _text.IndexOf('{', start); at >= 0 && at + 1 < _text.Length; at = _text.IndexOf('{', at + 1))
        {
            if (_text[at + 1] is '{' or '%' or '#')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>Where the data before a tag ends, after what the tag strips.</summary>
    private int DataEnd(int start, int tag, char sign, bool isVariable)
    {
        var end = tag;
        if (sign == '-')
        {
            while (end > start && Characters.IsSpace(_text[end - 1]))
            {
                end--;
            }
        }
        else if (sign != '+' && !isVariable && end > start)
        {
            var line = _text.LastIndexOf('\n', end - 1, end - start) + 1;
            line = line == 0 ? start : line;
            if ((line > start || _lineStarts) && Characters.SkipSpace(_text, line) >= end)
            {
                end = line;
            }
        }

        return end;
    }

    /// <summary>Where <c>{% raw %}</c> ends; -1 when there is another tag.</summary>
    private int MatchRawBegin(int tag)
    {
        var at = MatchRawWord(tag, "raw");
        return at < 0 ? -1
            : Is(at, "-%}") ? Characters.SkipSpace(_text, at + 3)
            : Is(at, "%}") ? at + 2
            : -1;
    }

    private int MatchRawWord(int tag, string word)
    {
        var at = Characters.SkipSpace(_text, tag + (At(tag + 2) is '-' or '+' ? 3 : 2));
        return Is(at, word) ? Characters.SkipSpace(_text, at + word.Length) : -1;
    }

    private void ReadRaw(int begin)
    {
        var start = _at;
        for (var tag = start; (tag = _text.IndexOf("{%", tag, StringComparison.Ordinal)) >= 0; tag++)
        {
            var at = MatchRawWord(tag, "endraw");
            if (at >= 0 && TryReadEnd(at, "%}", out var end))
            {
                AddData(start, DataEnd(start, tag, At(tag + 2), isVariable: false));
                MoveTo(end);
                return;
            }
        }

        RequireEnd(begin, "Missing end of raw directive", "Close it with {% endraw %}.");
    }

    private void ReadComment(int begin)
    {
        var close = _text.IndexOf("#}", _at, StringComparison.Ordinal);
        if (close < 0)
        {
            RequireEnd(begin, "Missing end of comment tag", "Close it with #}.");
            return;
        }

        var hasSign = close > _at && _text[close - 1] is '-' or '+';
        TryReadEnd(hasSign ? close - 1 : close, "#}", out var end);
        MoveTo(end);
    }

    // Jinja2 does not mind a comment or raw block that begins at the very end.
    private void RequireEnd(int begin, string reason, string advice)
    {
        if (_at < _text.Length)
        {
            throw _source.SyntaxError(begin, reason, advice);
        }
    }

    /// <summary>Matches the end of a tag, with its sign and the white space that it takes.</summary>
    private bool TryReadEnd(int at, string mark, out int end)
    {
        end = at;
        switch (At(at))
        {
            case '-' when Is(at + 1, mark):
                end = Characters.SkipSpace(_text, at + 3);
                return true;
            case '+' when Is(at + 1, mark):
                end = at + 3;
                return true;
            default:
                if (!Is(at, mark))
                {
                    return false;
                }

                end = at + 2 + (At(at + 2) == '\n' ? 1 : 0);
                return true;
        }
    }

    private void ReadTag(bool isBlock)
    {
        // A tag that is not closed is the parser's to complain about: it knows what is missing.
        while (_at < _text.Length && !(_open.Count == 0 && TryReadTagEnd(isBlock)))
        {
            ReadTagToken();
        }
    }

    private bool TryReadTagEnd(bool isBlock)
    {
        var start = _at;
        if (isBlock)
        {
            if (!TryReadEnd(start, "%}", out var end))
            {
                return false;
            }

            Add(TokenKind.BlockEnd, "%}", start);
            MoveTo(end);
            return true;
        }

        if (!Is(start, "}}") && !Is(start, "-}}"))
        {
            return false;
        }

        Add(TokenKind.VariableEnd, "}}", start);
        MoveTo(_text[start] == '-' ? Characters.SkipSpace(_text, start + 3) : start + 2);
        return true;
    }

    private void ReadTagToken()
    {
        var start = _at;
        var first = _text[start];
        if (Characters.IsSpace(first))
        {
            _at = Characters.SkipSpace(_text, start);
        }
        else if (char.IsAsciiDigit(first))
        {
            var kind = Numbers.Match(_text, start, out _at);
            Add(kind, _text[start.._at], start);
        }
        else if (Characters.BeginsName(first))
        {
            while (_at < _text.Length && Characters.IsInName(_text[_at]))
            {
                _at++;
            }

            Add(TokenKind.Name, string.Intern(_text[start.._at]), start);
        }
        else if (first is '"' or '\'')
        {
            var text = StringLiteral.Read(_source, start, out _at);
            Add(TokenKind.String, text, start);
        }
        else
        {
            ReadOperator(start);
        }
    }

    private void ReadOperator(int start)
    {
        var (kind, length) = OperatorAt(start);
        switch (kind)
        {
            case TokenKind.LeftBrace:
                _open.Push('}');
                break;
            case TokenKind.LeftParenthesis:
                _open.Push(')');
                break;
            case TokenKind.LeftBracket:
                _open.Push(']');
                break;
            case TokenKind.RightBrace or TokenKind.RightParenthesis or TokenKind.RightBracket:
                Close(start);
                break;
            default:
                break;
        }

        Add(kind, _text.Substring(start, length), start);
        _at = start + length;
    }

    private void Close(int start)
    {
        if (!_open.TryPop(out var expected))
        {
            var hint = _text[start] == '}'
                ? "An expression ends with '}}', a statement with '%}'."
                : "There is no bracket open here.";
            throw _source.SyntaxError(start, $"unexpected '{_text[start]}'", hint);
        }

        if (expected != _text[start])
        {
            throw _source.SyntaxError(start, $"unexpected '{_text[start]}', expected '{expected}'", "Check the brackets.");
        }
    }

    private (TokenKind Kind, int Length) OperatorAt(int start) => (_text[start], At(start + 1)) switch
    {
        ('/', '/') => (TokenKind.FloorDiv, 2),
        ('*', '*') => (TokenKind.Pow, 2),
        ('=', '=') => (TokenKind.Equal, 2),
        ('!', '=') => (TokenKind.NotEqual, 2),
        ('>', '=') => (TokenKind.GreaterOrEqual, 2),
        ('<', '=') => (TokenKind.LessOrEqual, 2),
        ('+', _) => (TokenKind.Add, 1),
        ('-', _) => (TokenKind.Sub, 1),
        ('/', _) => (TokenKind.Div, 1),
        ('*', _) => (TokenKind.Mul, 1),
        ('%', _) => (TokenKind.Mod, 1),
        ('~', _) => (TokenKind.Tilde, 1),
        ('[', _) => (TokenKind.LeftBracket, 1),
        (']', _) => (TokenKind.RightBracket, 1),
        ('(', _) => (TokenKind.LeftParenthesis, 1),
        (')', _) => (TokenKind.RightParenthesis, 1),
        ('{', _) => (TokenKind.LeftBrace, 1),
        ('}', _) => (TokenKind.RightBrace, 1),
        ('>', _) => (TokenKind.Greater, 1),
        ('<', _) => (TokenKind.Less, 1),
        ('=', _) => (TokenKind.Assign, 1),
        ('.', _) => (TokenKind.Dot, 1),
        (':', _) => (TokenKind.Colon, 1),
        ('|', _) => (TokenKind.Pipe, 1),
        (',', _) => (TokenKind.Comma, 1),
        (';', _) => (TokenKind.Semicolon, 1),
        _ => throw Unexpected(start),
    };

    private JinjaException Unexpected(int start) => _source.SyntaxError(
        start, $"unexpected char {PythonText.Repr(_text[start].ToString())} at {start}", "No expression has that.");

    private void MoveTo(int end)
    {
        _at = end;
        _lineStarts = _text[end - 1] == '\n';
    }

    private void AddData(int start, int end)
    {
        if (end > start)
        {
            Add(TokenKind.Data, _text[start..end], start);
        }
    }

    private void Add(TokenKind kind, string text, int offset) => _tokens.Add(new Token(kind, text, offset));

    private bool Is(int at, string expected) => string.CompareOrdinal(_text, at, expected, 0, expected.Length) == 0;

    private char At(int at) => at < _text.Length ? _text[at] : '\0';
}
