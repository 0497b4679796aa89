using System.Buffers;
using System.Text.Json;

namespace AiRouter.Api.Requests;

/// <summary>
/// Goes over a JSON text token by token, as <see cref="Utf8JsonReader"/> does and as strictly, with strings as they are written. That
/// one looks at each byte of a string behind its first escape, which prompts are full of: 64 KiB with 4,000 of them cost it 61 µs,
/// after a look for half surrogate pairs; here both and the index are 32 (<c>BodyBenchmarks</c>). It knows no messages: whoever has to
/// tell what is wrong asks the reader. UTF-8 is the caller's to check.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> json)
{
    // The quote, the backslash, and what may not stand in a string.
    private static readonly SearchValues<byte> EndsRun =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _at;
    private int _depth;

    // One bit for each open object or array, the innermost lowest: whether it is an object.
    private ulong _areObjects;
    private int _valueStart;
    private int _valueLength;

    /// <summary>The token; none before the first.</summary>
    public JsonTokenType TokenType { get; private set; }

    /// <summary>Where it begins: a string's quote.</summary>
    public int TokenStart { get; private set; }

    /// <summary>The first byte behind it; behind the colon of a name.</summary>
    public readonly int Consumed => _at;

    /// <summary>How many objects and arrays it stands in.</summary>
    public readonly int Depth => TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? _depth - 1 : _depth;

    /// <summary>The bytes of a name, a string (both as written, without quotes) or a number.</summary>
    public readonly ReadOnlySpan<byte> Value => _json.Slice(_valueStart, _valueLength);

    /// <summary>Whether the name or string has escapes.</summary>
    public bool IsEscaped { get; private set; }

    /// <summary>One of the names so far has escapes, as hardly anybody writes one.</summary>
    public bool HasEscapedName { get; private set; }

    /// <summary>The text is not JSON, or deeper than <see cref="JsonIndex.MaxDepth"/>: nothing more is read.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>One of the strings so far has half a surrogate pair as an escape: it is no text.</summary>
    public bool HasLoneSurrogate { get; private set; }

    /// <summary>Goes to the next token; false at the end and where the text is broken.</summary>
    public bool Read()
    {
        if (IsBroken)
        {
            return false;
        }

        SkipBlanks();
        if (_at == _json.Length)
        {
            IsBroken = _depth > 0 || TokenType == JsonTokenType.None;
            return false;
        }

        var next = _json[_at];
        return TokenType switch
        {
            JsonTokenType.None or JsonTokenType.PropertyName => ReadValue(next),
            JsonTokenType.StartObject => next == '}' ? Close(JsonTokenType.EndObject) : ReadName(),
            JsonTokenType.StartArray => next == ']' ? Close(JsonTokenType.EndArray) : ReadValue(next),
            _ when _depth == 0 => Break(),
            _ => ReadOn(next),
        };
    }

    /// <summary>Goes to the end of the object or array that begins here, or of the value of this name.</summary>
    public void Skip()
    {
        if (TokenType == JsonTokenType.PropertyName)
        {
            Read();
        }

        if (TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var outside = _depth - 1;
            while (_depth > outside && Read())
            {
            }
        }
    }

    /// <summary>Whether the name or string is this one, escapes resolved; one that is no text is equal to nothing.</summary>
    public readonly bool Is(ReadOnlySpan<byte> text)
    {
        if (!IsEscaped)
        {
            return Value.SequenceEqual(text);
        }

        var reader = new Utf8JsonReader(_json.Slice(_valueStart - 1, _valueLength + 2));
        return reader.Read() && JsonName.Is(ref reader, text);
    }

    private bool ReadOn(byte next)
    {
        var isInObject = (_areObjects & 1) != 0;
        if (next != ',')
        {
            return next == (isInObject ? '}' : ']') ? Close(isInObject ? JsonTokenType.EndObject : JsonTokenType.EndArray) : Break();
        }

        _at++;
        SkipBlanks();
        return _at == _json.Length ? Break() : isInObject ? ReadName() : ReadValue(_json[_at]);
    }

    private bool ReadName()
    {
        if (_json[_at] != '"' || !ReadString(JsonTokenType.PropertyName))
        {
            return Break();
        }

        HasEscapedName |= IsEscaped;
        SkipBlanks();
        return _at < _json.Length && _json[_at++] == ':' ? true : Break();
    }

    private bool ReadValue(byte first) => first switch
    {
        (byte)'"' => ReadString(JsonTokenType.String),
        (byte)'{' => Open(JsonTokenType.StartObject),
        (byte)'[' => Open(JsonTokenType.StartArray),
        (byte)'t' => ReadWord("true"u8, JsonTokenType.True),
        (byte)'f' => ReadWord("false"u8, JsonTokenType.False),
        (byte)'n' => ReadWord("null"u8, JsonTokenType.Null),
        _ => ReadNumber(),
    };

    private bool Open(JsonTokenType token)
    {
        if (_depth == JsonIndex.MaxDepth)
        {
            return Break();
        }

        _depth++;
        _areObjects = (_areObjects << 1) | (token == JsonTokenType.StartObject ? 1UL : 0);
        return Take(token, _at + 1);
    }

    private bool Close(JsonTokenType token)
    {
        _depth--;
        _areObjects >>= 1;
        return Take(token, _at + 1);
    }

    private bool ReadWord(ReadOnlySpan<byte> word, JsonTokenType token) =>
        _json[_at..].StartsWith(word) ? Take(token, _at + word.Length) : Break();

    /// <summary>A number as JSON writes it; what may not follow it is found by the next token.</summary>
    private bool ReadNumber()
    {
        var end = _at + (_json[_at] == '-' ? 1 : 0);
        var digits = CountDigits(end);
        if (digits == 0 || (digits > 1 && _json[end] == '0'))
        {
            return Break();
        }

        end += digits;
        if (end < _json.Length && _json[end] == '.')
        {
            digits = CountDigits(end + 1);
            if (digits == 0)
            {
                return Break();
            }

            end += 1 + digits;
        }

        if (end < _json.Length && (_json[end] | 0x20) == 'e')
        {
            end += end + 1 < _json.Length && _json[end + 1] is (byte)'+' or (byte)'-' ? 2 : 1;
            digits = CountDigits(end);
            if (digits == 0)
            {
                return Break();
            }

            end += digits;
        }

        (_valueStart, _valueLength) = (_at, end - _at);
        return Take(JsonTokenType.Number, end);
    }

    private readonly int CountDigits(int start)
    {
        var at = start;
        while (at < _json.Length && char.IsAsciiDigit((char)_json[at]))
        {
            at++;
        }

        return at - start;
    }

    private bool ReadString(JsonTokenType token)
    {
        var start = _at + 1;
        var at = start;
        IsEscaped = false;
        while (true)
        {
            var run = _json[at..].IndexOfAny(EndsRun);
            if (run < 0)
            {
                return Break();
            }

            at += run;
            if (_json[at] != '\\')
            {
                break;
            }

            IsEscaped = true;

            // Where everything beyond ASCII is escaped, one escape follows the other.
            do
            {
                var length = EscapeLength(at);
                if (length == 0)
                {
                    return Break();
                }

                at += length;
            }
            while (at < _json.Length && _json[at] == '\\');
        }

        if (_json[at] != '"')
        {
            return Break();
        }

        (_valueStart, _valueLength) = (start, at - start);
        return Take(token, at + 1);
    }

    /// <summary>How long an escape is, two of a surrogate pair together; 0: it is none.</summary>
    private int EscapeLength(int at)
    {
        if (at + 1 >= _json.Length)
        {
            return 0;
        }

        if (_json[at + 1] != 'u')
        {
            return "\"\\/bfnrt"u8.Contains(_json[at + 1]) ? 2 : 0;
        }

        var unit = UnitAt(at);
        if (unit is < 0xD800 or > 0xDFFF)
        {
            return unit < 0 ? 0 : 6;
        }

        if (unit <= 0xDBFF && _json[(at + 6)..].StartsWith("\\u"u8) && UnitAt(at + 6) is >= 0xDC00 and <= 0xDFFF)
        {
            return 12;
        }

        HasLoneSurrogate = true;
        return 6;
    }

    /// <summary>The UTF-16 unit of an escape; -1: these are no four digits.</summary>
    private readonly int UnitAt(int at)
    {
        if (at + 6 > _json.Length)
        {
            return -1;
        }

        var unit = 0;
        foreach (var digit in _json.Slice(at + 2, 4))
        {
            var value = digit switch
            {
                >= (byte)'0' and <= (byte)'9' => digit - '0',
                >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
                >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
                _ => -1,
            };
            if (value < 0)
            {
                return -1;
            }

            unit = (unit << 4) | value;
        }

        return unit;
    }

    private void SkipBlanks()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _at++;
        }
    }

    private bool Take(JsonTokenType token, int end)
    {
        TokenType = token;
        TokenStart = _at;
        _at = end;
        return true;
    }

    private bool Break()
    {
        IsBroken = true;
        return false;
    }
}
