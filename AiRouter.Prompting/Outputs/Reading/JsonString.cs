using System.Globalization;
using System.Text;

namespace AiRouter.Prompting.Outputs.Reading;

/// <summary>Undoes the escapes of a JSON string that comes in pieces, behind its opening quote.</summary>
internal sealed class JsonString
{
    private readonly byte[] _escape = new byte[4];
    private readonly byte[] _decoded = new byte[8];
    private int _escapeLength;
    private char _high;

    /// <summary>A new string begins.</summary>
    public void Start()
    {
        _escapeLength = 0;
        _high = default;
    }

    /// <summary>Reads on: a run of plain text, or one escape.</summary>
    /// <param name="text">The next piece.</param>
    /// <param name="taken">How much of it was read.</param>
    /// <param name="decoded">What it means; valid until the next call.</param>
    /// <returns>Complete: the closing quote was read. More: call again with what is left.</returns>
    public JsonVerdict Read(ReadOnlySpan<byte> text, out int taken, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        taken = 0;
        if (text.IsEmpty)
        {
            return JsonVerdict.More;
        }

        if (_escapeLength > 0)
        {
            var verdict = Escape(text[0], out decoded);
            taken = verdict == JsonVerdict.Broken ? 0 : 1;
            return verdict;
        }

        if (_high != default && text[0] != '\\')
        {
            decoded = Lone();
            return JsonVerdict.More;
        }

        if (text[0] is (byte)'\\' or (byte)'"')
        {
            taken = 1;
            _escapeLength = text[0] == '\\' ? 1 : 0;
            return _escapeLength == 1 ? JsonVerdict.More : JsonVerdict.Complete;
        }

        var special = text.IndexOfAny((byte)'\\', (byte)'"');
        taken = special < 0 ? text.Length : special;
        decoded = text[..taken];
        return JsonVerdict.More;
    }

    private JsonVerdict Escape(byte next, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        if (_escapeLength == 1 && next != 'u')
        {
            _escapeLength = 0;
            var meaning = next switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                (byte)'"' or (byte)'\\' or (byte)'/' => (char)next,
                _ => default,
            };
            if (meaning == default)
            {
                return JsonVerdict.Broken;
            }

            decoded = Decode(meaning);
            return JsonVerdict.More;
        }

        if (_escapeLength > 1)
        {
            if (!char.IsAsciiHexDigit((char)next))
            {
                return JsonVerdict.Broken;
            }

            _escape[_escapeLength - 2] = next;
        }

        _escapeLength++;
        if (_escapeLength == 6)
        {
            _escapeLength = 0;
            var unit = ushort.Parse(_escape.AsSpan(0, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            decoded = Decode((char)unit);
        }

        return JsonVerdict.More;
    }

    /// <summary>A high surrogate waits for its other half; halves without another become U+FFFD.</summary>
    private ReadOnlySpan<byte> Decode(char unit)
    {
        var high = _high;
        _high = default;
        if (char.IsHighSurrogate(unit))
        {
            _high = unit;
            return high == default ? default : "\uFFFD"u8;
        }

        if (high != default && char.IsLowSurrogate(unit))
        {
            return _decoded.AsSpan(0, new Rune(high, unit).EncodeToUtf8(_decoded));
        }

        var length = high == default ? 0 : Rune.ReplacementChar.EncodeToUtf8(_decoded);
        var rune = char.IsSurrogate(unit) ? Rune.ReplacementChar : new Rune(unit);
        length += rune.EncodeToUtf8(_decoded.AsSpan(length));
        return _decoded.AsSpan(0, length);
    }

    private ReadOnlySpan<byte> Lone()
    {
        _high = default;
        return "\uFFFD"u8;
    }
}
