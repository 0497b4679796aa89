namespace AiRouter.Prompting.Outputs.Reading;

/// <summary>
/// What all parsers share: the text that has come and is not handed on yet, and the means to read it. A parser is
/// written as one method that reads the answer from its beginning to its end and pauses (<c>yield return</c>) where the
/// next piece must come first: the compiler makes the state machine. Every byte is read in order and looked at a
/// bounded number of times, and no decision depends on where a piece ends, so any cutting of the answer gives the same
/// result.
/// </summary>
internal abstract class TextParser : IOutputParser
{
    /// <summary>A call's head that is longer than this is no call. Bounds what is held back.</summary>
    public const int HeadLimit = 8 * 1024;

    /// <summary>Long pieces (whole answers) are read in parts, so that the buffer stays small.</summary>
    private const int PartLimit = 4 * 1024;

    /// <summary>What <see cref="Next"/> tells when the piece is used up.</summary>
    protected const int NeedsMore = -1;

    /// <summary>What <see cref="Next"/> tells when the answer is over, or too much is held back.</summary>
    protected const int Over = -2;

    private IEnumerator<Pause>? _reading;
    private byte[] _buffer = new byte[256];
    private int _start;
    private int _at;
    private int _end;
    private int _marker;

    /// <summary>Bytes that are held back now.</summary>
    public int Held => _end - _start;

    /// <summary>Bytes that were looked at, each as often as it was: what must grow no faster than the answer.</summary>
    public long Work { get; private set; }

    /// <summary>Whether the last question was answered with yes.</summary>
    protected bool Ok { get; set; }

    /// <summary>Which marker <see cref="Find"/> or <see cref="OneOf"/> found.</summary>
    protected int Found { get; private set; }

    /// <summary>Where the parts of the answer go.</summary>
    protected IOutputSink Sink { get; private set; } = null!;

    /// <summary>No more text comes.</summary>
    protected bool IsOver { get; private set; }

    /// <summary>What was read and is not handed on.</summary>
    protected ReadOnlySpan<byte> ReadText => _buffer.AsSpan(_start, _at - _start);

    /// <summary>What has come and was not read.</summary>
    protected ReadOnlySpan<byte> Unread => _buffer.AsSpan(_at, _end - _at);

    /// <inheritdoc/>
    public virtual void Push(ReadOnlySpan<byte> text, IOutputSink sink)
    {
        Sink = sink;
        while (!text.IsEmpty)
        {
            var part = PartOf(text);
            Append(part);
            ReadOn();
            text = text[part.Length..];
        }
    }

    /// <inheritdoc/>
    public virtual void End(IOutputSink sink)
    {
        Sink = sink;
        IsOver = true;
        ReadOn();
    }

    /// <summary>Reads the whole answer.</summary>
    protected abstract IEnumerable<Pause> Read();

    /// <summary>Takes text in which no marker was found.</summary>
    /// <returns>How many bytes of it are settled; the others are offered again with what follows them.</returns>
    protected abstract int Give(ReadOnlySpan<byte> text);

    /// <summary>Remembers the answer in <see cref="Ok"/>, once there is one.</summary>
    /// <returns>Whether the question is open, so that the parser must pause and ask again.</returns>
    protected bool Pending(Step step)
    {
        if (step == Step.More)
        {
            return true;
        }

        Ok = step == Step.Yes;
        return false;
    }

    /// <summary>The next byte, which is not read by this; or <see cref="NeedsMore"/> or <see cref="Over"/>.</summary>
    protected int Next()
    {
        Work++;
        return _at - _start >= HeadLimit ? Over :
            _at < _end ? _buffer[_at] :
            IsOver ? Over : NeedsMore;
    }

    /// <summary>Reads bytes that were looked at.</summary>
    protected void Skip(int length)
    {
        Work += length;
        _at += length;
    }

    /// <summary>What was read is settled.</summary>
    protected void Drop() => _start = _at;

    /// <summary>Unreads what was read and is not settled.</summary>
    protected void Back() => _at = _start;

    /// <summary>Everything that was read is settled, and told.</summary>
    protected ReadOnlySpan<byte> Take()
    {
        // The limit of a head may fall into a code point; parts of an answer never do.
        while (_at < _end && (_buffer[_at] & 0xC0) == 0x80)
        {
            _at++;
        }

        var text = ReadText;
        _start = _at;
        return text;
    }

    /// <summary>Reads white space, as much as there is.</summary>
    protected Step Blank()
    {
        while (true)
        {
            switch (Next())
            {
                case ' ' or '\n' or '\r' or '\t':
                    _at++;
                    break;
                case NeedsMore:
                    return Step.More;
                default:
                    return Step.Yes;
            }
        }
    }

    /// <summary>Reads exactly this.</summary>
    protected Step Literal(ReadOnlySpan<byte> literal)
    {
        var there = Unread;
        Work += Math.Min(there.Length, literal.Length);
        if (there.StartsWith(literal))
        {
            _at += literal.Length;
            return Step.Yes;
        }

        return !IsOver && literal.StartsWith(there) ? Step.More : Step.No;
    }

    /// <summary>Reads the first of these that is there; <see cref="Found"/> tells which.</summary>
    protected Step OneOf(ReadOnlySpan<byte[]> literals)
    {
        for (var i = 0; i < literals.Length; i++)
        {
            var step = Literal(literals[i]);
            if (step != Step.No)
            {
                Found = i;
                return step;
            }
        }

        Found = -1;
        return Step.No;
    }

    /// <summary>
    /// Gives the text up to the next marker and reads the marker; <see cref="Found"/> tells which. No: the answer is
    /// over and all of it was given.
    /// </summary>
    protected Step Find(StopStrings markers)
    {
        Work += Unread.Length;
        while (_at < _end)
        {
            if (_marker == 0)
            {
                // Most pieces of most answers hold no first byte of a marker: one vectorised search.
                var candidate = markers.FirstCandidate(Unread);
                if (candidate < 0)
                {
                    _at = _end;
                    break;
                }

                _at += candidate;
            }

            _marker = markers.Step(_marker, _buffer[_at]);
            _at++;
            if (markers.MatchAt(_marker) is >= 0 and var match)
            {
                Work -= Unread.Length;
                _start += Give(ReadText[..^markers.LengthOf(match)]);
                _marker = 0;
                Found = match;
                return Step.Yes;
            }
        }

        if (IsOver)
        {
            _marker = 0;
            _start += Give(ReadText);
            return Step.No;
        }

        _start += Give(ReadText[..^markers.DepthOf(_marker)]);
        return Step.More;
    }

    private void ReadOn()
    {
        _reading ??= Read().GetEnumerator();
        _reading.MoveNext();
    }

    private static ReadOnlySpan<byte> PartOf(ReadOnlySpan<byte> text)
    {
        if (text.Length <= PartLimit)
        {
            return text;
        }

        var length = PartLimit;
        while (length > 1 && (text[length] & 0xC0) == 0x80)
        {
            length--;
        }

        return text[..length];
    }

    private void Append(ReadOnlySpan<byte> part)
    {
        if (_end + part.Length > _buffer.Length)
        {
            // Half of the buffer is free after this, so that what is held is not moved for every piece.
            var needed = 2 * (Held + part.Length);
            var held = _buffer.AsSpan(_start, Held);
            var target = needed > _buffer.Length ? new byte[needed] : _buffer;
            held.CopyTo(target);
            _buffer = target;
            _at -= _start;
            _end -= _start;
            _start = 0;
        }

        part.CopyTo(_buffer.AsSpan(_end));
        _end += part.Length;
    }
}
