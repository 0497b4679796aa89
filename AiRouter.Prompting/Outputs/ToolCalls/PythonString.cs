using System.Globalization;
using System.Text;

namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Undoes the escapes of a Python string that comes in pieces, behind its opening quotes, and finds its end.
/// </summary>
internal sealed class PythonString
{
    private readonly byte[] _decoded = new byte[16];
    private readonly byte[] _digits = new byte[8];
    private byte _quote;
    private int _closer;
    private int _quotes;
    private bool _isEscape;
    private int _digitsWanted;
    private int _digitsRead;

    /// <summary>A new string begins.</summary>
    /// <param name="quote">Its quote.</param>
    /// <param name="closer">How many of them end it: 1 or 3.</param>
    public void Start(byte quote, int closer)
    {
        _quote = quote;
        _closer = closer;
        _quotes = 0;
        _isEscape = false;
        _digitsWanted = 0;
    }

    /// <summary>Reads on: a run of plain text, or one special byte.</summary>
    /// <param name="text">The next piece; not empty.</param>
    /// <param name="taken">How much of it was read.</param>
    /// <param name="decoded">What it means; valid until the next call.</param>
    /// <returns>Whether the string ended.</returns>
    public bool Read(ReadOnlySpan<byte> text, out int taken, out ReadOnlySpan<byte> decoded)
    {
        decoded = default;
        taken = 1;
        var next = text[0];
        if (_digitsWanted > 0)
        {
            decoded = Digit(next, out taken);
            return false;
        }

        if (_isEscape)
        {
            _isEscape = false;
            taken = next < 0x80 ? 1 : 0;
            decoded = next < 0x80 ? Escape(next) : "\\"u8;
            return false;
        }

        if (next == _quote)
        {
            _quotes++;
            return _quotes == _closer;
        }

        if (_quotes > 0)
        {
            // One or two quotes inside a long string are text.
            decoded = _decoded.AsSpan(0, _quotes);
            _decoded.AsSpan(0, _quotes).Fill(_quote);
            _quotes = 0;
            taken = 0;
            return false;
        }

        if (next == '\\')
        {
            _isEscape = true;
            return false;
        }

        var special = text.IndexOfAny((byte)'\\', _quote);
        taken = special < 0 ? text.Length : special;
        decoded = text[..taken];
        return false;
    }

    private ReadOnlySpan<byte> Escape(byte next)
    {
        switch (next)
        {
            case (byte)'n':
                return "\n"u8;
            case (byte)'t':
                return "\t"u8;
            case (byte)'r':
                return "\r"u8;
            case (byte)'b':
                return "\b"u8;
            case (byte)'f':
                return "\f"u8;
            case (byte)'\n':
                return default;
            case (byte)'\\':
                return "\\"u8;
            case (byte)'\'':
                return "'"u8;
            case (byte)'"':
                return "\""u8;
            case (byte)'x':
                _digitsWanted = 2;
                break;
            case (byte)'u':
                _digitsWanted = 4;
                break;
            case (byte)'U':
                _digitsWanted = 8;
                break;
            default:
                // Python keeps the backslash of an escape that it does not know.
                _decoded[0] = (byte)'\\';
                _decoded[1] = next;
                return _decoded.AsSpan(0, 2);
        }

        _digitsRead = 0;
        return default;
    }

    private ReadOnlySpan<byte> Digit(byte next, out int taken)
    {
        taken = 1;
        if (char.IsAsciiHexDigit((char)next))
        {
            _digits[_digitsRead] = next;
            _digitsRead++;
            if (_digitsRead < _digitsWanted)
            {
                return default;
            }
        }
        else
        {
            taken = 0;
        }

        var isWhole = _digitsRead == _digitsWanted;
        _digitsWanted = 0;
        var rune = isWhole &&
            uint.TryParse(
                _digits.AsSpan(0, _digitsRead), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var code) &&
            Rune.IsValid(code)
                ? new Rune(code)
                : Rune.ReplacementChar;
        return _decoded.AsSpan(0, rune.EncodeToUtf8(_decoded));
    }
}
