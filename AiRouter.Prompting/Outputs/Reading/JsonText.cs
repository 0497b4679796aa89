namespace AiRouter.Prompting.Outputs.Reading;

/// <summary>What <see cref="JsonText"/> says of a text.</summary>
internal enum JsonVerdict
{
    /// <summary>Good so far, and not at its end.</summary>
    More,

    /// <summary>The value is complete.</summary>
    Complete,

    /// <summary>The next byte is a control character inside a string, which JSON wants escaped.</summary>
    Control,

    /// <summary>The next byte cannot follow.</summary>
    Broken,
}

/// <summary>Checks one JSON value (RFC 8259) that comes in pieces, and finds its end.</summary>
internal sealed class JsonText
{
    private const int MaxDepth = 128;

    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] False = "false"u8.ToArray();
    private static readonly byte[] Null = "null"u8.ToArray();

    private readonly bool[] _isObject = new bool[MaxDepth];
    private int _depth;
    private Expected _expected;
    private bool _isKey;
    private int _hexLeft;
    private byte[] _word = [];
    private int _wordAt;

    private enum Expected
    {
        Value,
        ItemOrEnd,
        KeyOrEnd,
        Key,
        Colon,
        CommaOrEnd,
        StringRest,
        Escaped,
        Hex,
        Word,
        Digit,
        AfterZero,
        Digits,
        FractionDigit,
        FractionDigits,
        ExponentSign,
        ExponentDigit,
        ExponentDigits,
    }

    /// <summary>A new value begins.</summary>
    public void Start()
    {
        _depth = 0;
        _expected = Expected.Value;
    }

    /// <summary>Reads on.</summary>
    /// <param name="text">The next piece.</param>
    /// <param name="taken">How much of it belongs to the value.</param>
    public JsonVerdict Read(ReadOnlySpan<byte> text, out int taken)
    {
        for (taken = 0; taken < text.Length; taken++)
        {
            if (_expected == Expected.StringRest)
            {
                var special = text[taken..].IndexOfAny(JsonEscapes.Special);
                if (special < 0)
                {
                    taken = text.Length;
                    break;
                }

                taken += special;
            }

            var verdict = Take(text[taken]);
            if (verdict == JsonVerdict.Complete)
            {
                taken += IsNumber ? 0 : 1;
                return verdict;
            }

            if (verdict != JsonVerdict.More)
            {
                return verdict;
            }
        }

        return JsonVerdict.More;
    }

    /// <summary>Whether <paramref name="text"/> is one value and nothing else.</summary>
    public bool IsWhole(ReadOnlySpan<byte> text)
    {
        Start();
        return Read(text, out var taken) switch
        {
            JsonVerdict.Complete => taken == text.Length,

            // Numbers do not tell their end.
            JsonVerdict.More => _depth == 0 && IsNumber,
            _ => false,
        };
    }

    private bool IsNumber => _expected is
        Expected.AfterZero or Expected.Digits or Expected.FractionDigits or Expected.ExponentDigits;

    private JsonVerdict Take(byte next) => _expected switch
    {
        Expected.Value => BeginValue(next),
        Expected.ItemOrEnd => next == ']' ? EndValue(1) : BeginValue(next),
        Expected.KeyOrEnd => next == '}' ? EndValue(1) : BeginKey(next),
        Expected.Key => BeginKey(next),
        Expected.Colon => next == ':' ? Expect(Expected.Value) : Space(next),
        Expected.CommaOrEnd => AfterValue(next),
        Expected.StringRest => InString(next),
        Expected.Escaped => AfterBackslash(next),
        Expected.Hex => InHex(next),
        Expected.Word => InWord(next),
        _ => InNumber(next),
    };

    private JsonVerdict BeginValue(byte next)
    {
        switch (next)
        {
            case (byte)'{':
                return Open(true);
            case (byte)'[':
                return Open(false);
            case (byte)'"':
                _isKey = false;
                return Expect(Expected.StringRest);
            case (byte)'-':
                return Expect(Expected.Digit);
            case (byte)'0':
                return Expect(Expected.AfterZero);
            case >= (byte)'1' and <= (byte)'9':
                return Expect(Expected.Digits);
            case (byte)'t':
                return Word(True);
            case (byte)'f':
                return Word(False);
            case (byte)'n':
                return Word(Null);
            default:
                return Space(next);
        }
    }

    private JsonVerdict BeginKey(byte next)
    {
        if (next != '"')
        {
            return Space(next);
        }

        _isKey = true;
        return Expect(Expected.StringRest);
    }

    private JsonVerdict InString(byte next)
    {
        if (next == '\\')
        {
            return Expect(Expected.Escaped);
        }

        if (next != '"')
        {
            return next < 0x20 ? JsonVerdict.Control : JsonVerdict.More;
        }

        return _isKey ? Expect(Expected.Colon) : EndValue(0);
    }

    private JsonVerdict AfterBackslash(byte next)
    {
        if (next == 'u')
        {
            _hexLeft = 4;
            return Expect(Expected.Hex);
        }

        return "\"\\/bfnrt"u8.Contains(next) ? Expect(Expected.StringRest) : JsonVerdict.Broken;
    }

    private JsonVerdict InHex(byte next)
    {
        if (!char.IsAsciiHexDigit((char)next))
        {
            return JsonVerdict.Broken;
        }

        _hexLeft--;
        return _hexLeft == 0 ? Expect(Expected.StringRest) : JsonVerdict.More;
    }

    private JsonVerdict InWord(byte next)
    {
        if (next != _word[_wordAt])
        {
            return JsonVerdict.Broken;
        }

        _wordAt++;
        return _wordAt == _word.Length ? EndValue(0) : JsonVerdict.More;
    }

    private JsonVerdict InNumber(byte next)
    {
        var isDigit = char.IsAsciiDigit((char)next);
        switch (_expected)
        {
            case Expected.Digit when isDigit:
                return Expect(next == '0' ? Expected.AfterZero : Expected.Digits);
            case Expected.Digits or Expected.FractionDigits or Expected.ExponentDigits when isDigit:
                return JsonVerdict.More;
            case Expected.AfterZero or Expected.Digits when next == '.':
                return Expect(Expected.FractionDigit);
            case Expected.FractionDigit when isDigit:
                return Expect(Expected.FractionDigits);
            case Expected.AfterZero or Expected.Digits or Expected.FractionDigits when next is (byte)'e' or (byte)'E':
                return Expect(Expected.ExponentSign);
            case Expected.ExponentSign when next is (byte)'+' or (byte)'-':
                return Expect(Expected.ExponentDigit);
            case Expected.ExponentSign or Expected.ExponentDigit when isDigit:
                return Expect(Expected.ExponentDigits);
            case Expected.AfterZero when isDigit:
            case Expected.Digit or Expected.FractionDigit or Expected.ExponentSign or Expected.ExponentDigit:
                return JsonVerdict.Broken;
            default:
                if (_depth == 0)
                {
                    return JsonVerdict.Complete;
                }

                _expected = Expected.CommaOrEnd;
                return AfterValue(next);
        }
    }

    private JsonVerdict AfterValue(byte next)
    {
        var isObject = _isObject[_depth - 1];
        if (next == ',')
        {
            return Expect(isObject ? Expected.Key : Expected.Value);
        }

        return next == (isObject ? '}' : ']') ? EndValue(1) : Space(next);
    }

    private JsonVerdict Open(bool isObject)
    {
        if (_depth == MaxDepth)
        {
            return JsonVerdict.Broken;
        }

        _isObject[_depth] = isObject;
        _depth++;
        return Expect(isObject ? Expected.KeyOrEnd : Expected.ItemOrEnd);
    }

    private JsonVerdict EndValue(int levels)
    {
        _depth -= levels;
        _expected = Expected.CommaOrEnd;
        return _depth == 0 ? JsonVerdict.Complete : JsonVerdict.More;
    }

    private JsonVerdict Word(byte[] word)
    {
        _word = word;
        _wordAt = 1;
        return Expect(Expected.Word);
    }

    private JsonVerdict Expect(Expected expected)
    {
        _expected = expected;
        return JsonVerdict.More;
    }

    private static JsonVerdict Space(byte next) =>
        next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' ? JsonVerdict.More : JsonVerdict.Broken;
}
