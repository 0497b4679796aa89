using System.Text;

namespace AiRouter.TritonSimulator.Guides;

/// <summary>
/// A short text that a regular expression matches as a whole: the first alternative, the first character of a class, the
/// least repetition. Assertions and back references are not understood.
/// </summary>
internal sealed class RegexSample
{
    private const int MaxLength = 10_000;

    private readonly string _pattern;
    private int _at;
    private bool _failed;

    private RegexSample(string pattern)
    {
        _pattern = pattern;
    }

    /// <summary>The text; null when the expression has something that is not understood.</summary>
    public static string? Make(string pattern)
    {
        var sample = new RegexSample(pattern);
        var text = sample.Alternatives();
        return sample._failed || sample._at < pattern.Length ? null : text;
    }

    private string Alternatives()
    {
        var first = Sequence();
        while (Peek() == '|')
        {
            _at++;
            Sequence();
        }

        return first;
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (!_failed && Peek() is { } next and not ('|' or ')'))
        {
            if (next is '^' or '$')
            {
                _at++;
                continue;
            }

            var atom = Atom(next);
            var times = Repetition();
            if (text.Length + (atom.Length * (long)times) > MaxLength)
            {
                _failed = true;
                break;
            }

            for (var i = 0; i < times; i++)
            {
                text.Append(atom);
            }
        }

        return text.ToString();
    }

    private string Atom(char next)
    {
        _at++;
        switch (next)
        {
            case '(':
                return Group();
            case '[':
                return Class();
            case '.':
                return "a";
            case '\\':
                return Escape();
            case '*' or '+' or '?':
                return Fail();
            default:
                return next.ToString();
        }
    }

    private string Group()
    {
        if (Peek() == '?')
        {
            if (_at + 1 >= _pattern.Length || _pattern[_at + 1] != ':')
            {
                return Fail();
            }

            _at += 2;
        }

        var text = Alternatives();
        return Take(')') ? text : Fail();
    }

    /// <summary>The first character of a class; of a negated one the first letter or digit that it does not name.</summary>
    private string Class()
    {
        var negated = Take('^');
        var ranges = new List<(char From, char To)>();
        while (Peek() is { } next && (next != ']' || ranges.Count == 0) && !_failed)
        {
            var from = ClassCharacter();
            var to = from;
            if (Peek() == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1] != ']')
            {
                _at++;
                to = ClassCharacter();
            }

            ranges.Add((from, to));
        }

        if (!Take(']') || ranges.Count == 0)
        {
            return Fail();
        }

        if (!negated)
        {
            return ranges[0].From.ToString();
        }

        foreach (var candidate in "a0 _-A")
        {
            if (!ranges.Exists(range => candidate >= range.From && candidate <= range.To))
            {
                return candidate.ToString();
            }
        }

        return Fail();
    }

    private char ClassCharacter()
    {
        var next = _pattern[_at++];
        if (next != '\\')
        {
            return next;
        }

        var text = Escape();
        return text.Length == 1 ? text[0] : '\0';
    }

    private string Escape()
    {
        if (Peek() is not { } next)
        {
            return Fail();
        }

        _at++;
        return next switch
        {
            'd' => "0",
            'w' or 'D' or 'S' => "a",
            's' => " ",
            'W' => "-",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            >= '0' and <= '9' => Fail(),
            _ when char.IsAsciiLetter(next) => Fail(),
            _ => next.ToString(),
        };
    }

    /// <summary>How often at least; a repetition without an end, or a lazy one, is no different.</summary>
    private int Repetition()
    {
        var times = 1;
        switch (Peek())
        {
            case '*' or '?':
                times = 0;
                _at++;
                break;
            case '+':
                _at++;
                break;
            case '{':
                var end = _pattern.IndexOf('}', _at);
                var least = end < 0 ? "" : _pattern[(_at + 1)..end].Split(',')[0];
                _failed |= !int.TryParse(least, out times) || times > MaxLength;
                _at = end < 0 ? _pattern.Length : end + 1;
                break;
            default:
                return 1;
        }

        _ = Take('?');
        return times;
    }

    private char? Peek()
    {
        return _at < _pattern.Length ? _pattern[_at] : null;
    }

    private bool Take(char character)
    {
        if (Peek() != character)
        {
            return false;
        }

        _at++;
        return true;
    }

    private string Fail()
    {
        _failed = true;
        return "";
    }
}
