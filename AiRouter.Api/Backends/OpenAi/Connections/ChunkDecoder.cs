namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// Takes the framing out of a chunked body (RFC 9112, 7.1), in the memory into which it was read: framing is always longer than
/// nothing, so what is left fits. It may be cut anywhere; between two calls nothing is kept but where in the framing it stands.
/// </summary>
internal struct ChunkDecoder
{
    // Sizes beyond any file; the sign bit stays free.
    private const int MaxDigits = 15;

    // For one line with its extension, and for all trailers together.
    private const int MaxLine = 16 * 1024;

    private State _state;
    private long _left;
    private int _digits;
    private int _line;

    private enum State
    {
        Size,
        Blank,
        Extension,
        SizeEnd,
        Body,
        BodyReturn,
        BodyEnd,
        TrailerStart,
        Trailer,
        TrailerEnd,
        LastEnd,
        Whole,
    }

    /// <summary>The last chunk and what belongs to it have come.</summary>
    public readonly bool IsWhole => _state == State.Whole;

    /// <summary>Leaves the body's bytes at the beginning of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What came.</param>
    /// <param name="used">How many of them belong to the body and its framing; fewer than all only behind its end.</param>
    /// <returns>How many bytes of the body there are.</returns>
    /// <exception cref="HttpIOException">The framing is none.</exception>
    public int Decode(Span<byte> bytes, out int used)
    {
        var (from, to) = (0, 0);
        while (from < bytes.Length && _state != State.Whole)
        {
            if (_state == State.Body)
            {
                var count = (int)Math.Min(_left, bytes.Length - from);
                bytes.Slice(from, count).CopyTo(bytes[to..]);
                from += count;
                to += count;
                _left -= count;
                _state = _left == 0 ? State.BodyReturn : State.Body;
            }
            else
            {
                Step(bytes[from++]);
            }
        }

        used = from;
        return to;
    }

    private void Step(byte value)
    {
        if (++_line > MaxLine)
        {
            throw Invalid("a line without end between its chunks");
        }

        _state = _state switch
        {
            State.Size or State.Blank or State.Extension => Size(value),
            State.SizeEnd when value == '\n' => Begin(),
            State.BodyReturn when value == '\r' => State.BodyEnd,
            State.BodyEnd when value == '\n' => Next(),
            State.TrailerStart when value == '\r' => State.LastEnd,
            State.TrailerStart or State.Trailer when value is not ((byte)'\r' or (byte)'\n' or 0) => State.Trailer,
            State.Trailer when value == '\r' => State.TrailerEnd,
            State.TrailerEnd when value == '\n' => State.TrailerStart,
            State.LastEnd when value == '\n' => State.Whole,
            _ => throw Invalid("chunks that are none"),
        };
    }

    private State Size(byte value)
    {
        if (value == '\r' && _digits > 0)
        {
            return State.SizeEnd;
        }

        switch (_state)
        {
            case State.Size when char.IsAsciiHexDigit((char)value) && _digits < MaxDigits:
                _digits++;
                _left = (_left << 4) + Digit(value);
                return State.Size;
            case State.Size or State.Blank when _digits > 0 && (value is (byte)' ' or (byte)'\t'):
                return State.Blank;
            case State.Size or State.Blank when _digits > 0 && value == ';':
                return State.Extension;
            case State.Extension when value is not ((byte)'\n' or 0):
                return State.Extension;
            default:
                throw Invalid("a chunk without a size");
        }
    }

    private static int Digit(byte value) => value <= '9' ? value - '0' : (value | 0x20) - 'a' + 10;

    private State Begin()
    {
        _line = 0;
        _digits = 0;
        return _left == 0 ? State.TrailerStart : State.Body;
    }

    private State Next()
    {
        _line = 0;
        return State.Size;
    }

    private static HttpIOException Invalid(string what) => new(HttpRequestError.InvalidResponse, $"The backend's answer has {what}.");
}
