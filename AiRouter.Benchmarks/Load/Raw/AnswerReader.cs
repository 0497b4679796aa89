using System.Buffers.Text;
using System.Text;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>Reads one HTTP/1.1 answer after the other, in whatever pieces they come, without allocating.</summary>
internal sealed class AnswerReader
{
    private readonly byte[] _head = new byte[16 * 1024];
    private int _headLength;
    private State _state;
    private long _left;
    private bool _hasSize;

    private enum State
    {
        Head,
        Body,
        UntilEnd,
        ChunkSize,
        ChunkExtension,
        ChunkData,
        ChunkEnd,
        Trailer,
        TrailerLine,
        Complete,
        Broken,
    }

    /// <summary>The status; 0 as long as it is not known.</summary>
    public int Status { get; private set; }

    /// <summary>Bytes of the body so far.</summary>
    public long BodyLength { get; private set; }

    /// <summary>Whether the server closes the connection after it.</summary>
    public bool Closes { get; private set; }

    /// <summary>Whether all of it has come.</summary>
    public bool IsComplete => _state == State.Complete;

    /// <summary>Whether this is no HTTP.</summary>
    public bool IsBroken => _state == State.Broken;

    /// <summary>The events in its body.</summary>
    public EventReader Events { get; } = new();

    /// <summary>Begins with another answer.</summary>
    public void Reset()
    {
        (_headLength, _state, _left, Status, BodyLength, Closes) = (0, State.Head, 0, 0, 0, false);
        Events.Reset();
    }

    /// <summary>Takes what came.</summary>
    /// <param name="bytes">What was read.</param>
    /// <param name="delays">As in <see cref="EventReader.Read"/>.</param>
    /// <param name="now">The time that it was read at.</param>
    public void Read(ReadOnlySpan<byte> bytes, SlicedLatency? delays, long now)
    {
        while (bytes.Length > 0 && _state is not (State.Complete or State.Broken))
        {
            var used = _state switch
            {
                State.Head => ReadHead(bytes),
                State.Body or State.ChunkData => ReadBody(bytes, delays, now),
                State.UntilEnd => ReadRest(bytes, delays, now),
                _ => ReadFraming(bytes[0]),
            };
            bytes = bytes[used..];
        }
    }

    /// <summary>The server has closed the connection.</summary>
    public void End() => _state = _state is State.UntilEnd or State.Complete ? State.Complete : State.Broken;

    private int ReadHead(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(bytes.Length, _head.Length - _headLength);
        bytes[..count].CopyTo(_head.AsSpan(_headLength));
        var before = Math.Max(0, _headLength - 3);
        var end = _head.AsSpan(before, _headLength + count - before).IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            _headLength += count;
            _state = _headLength == _head.Length ? State.Broken : State.Head;
            return count;
        }

        var length = before + end + 4;
        var used = length - _headLength;
        _headLength = 0;
        Understand(_head.AsSpan(0, length));
        return used;
    }

    private void Understand(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out var digits) || digits != 3)
        {
            _state = State.Broken;
            return;
        }

        // 100 and 103 come before the answer.
        if (status / 100 == 1)
        {
            return;
        }

        Status = status;
        (_state, _left) = (State.UntilEnd, 0);
        head = head[(head.IndexOf((byte)'\n') + 1)..];
        while (head.IndexOf("\r\n"u8) is > 0 and var end)
        {
            TakeHeader(head[..end]);
            head = head[(end + 2)..];
        }

        if (status is 204 or 304 || (_state == State.Body && _left == 0))
        {
            _state = State.Complete;
        }
    }

    private void TakeHeader(ReadOnlySpan<byte> line)
    {
        if (Value(line, "content-length:"u8, out var value))
        {
            // The other framing rules when both are there.
            if (_state != State.ChunkSize && Utf8Parser.TryParse(value, out _left, out _))
            {
                _state = State.Body;
            }
        }
        else if (Value(line, "transfer-encoding:"u8, out value))
        {
            if (Ascii.EqualsIgnoreCase(value, "chunked"u8))
            {
                (_state, _left, _hasSize) = (State.ChunkSize, 0, false);
            }
        }
        else if (Value(line, "connection:"u8, out value))
        {
            Closes = Ascii.EqualsIgnoreCase(value, "close"u8);
        }
    }

    private static bool Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (line.Length < name.Length || !Ascii.EqualsIgnoreCase(line[..name.Length], name))
        {
            return false;
        }

        value = line[name.Length..].Trim(" \t"u8);
        return true;
    }

    private int ReadBody(ReadOnlySpan<byte> bytes, SlicedLatency? delays, long now)
    {
        var count = (int)Math.Min(bytes.Length, _left);
        ReadRest(bytes[..count], delays, now);
        _left -= count;
        if (_left == 0)
        {
            _state = _state == State.Body ? State.Complete : State.ChunkEnd;
        }

        return count;
    }

    private int ReadRest(ReadOnlySpan<byte> bytes, SlicedLatency? delays, long now)
    {
        BodyLength += bytes.Length;
        Events.Read(bytes, delays, now);
        return bytes.Length;
    }

    /// <summary>Takes one byte between the pieces of a chunked body.</summary>
    private int ReadFraming(byte value)
    {
        _state = (_state, value) switch
        {
            (State.ChunkSize, (byte)'\r') => State.ChunkSize,
            (State.ChunkSize or State.ChunkExtension, (byte)'\n') => AfterSize(),
            (State.ChunkSize, (byte)';' or (byte)' ') => State.ChunkExtension,
            (State.ChunkSize, _) => TakeDigit(value),
            (State.ChunkExtension, _) => State.ChunkExtension,
            (State.ChunkEnd, (byte)'\r') => State.ChunkEnd,
            (State.ChunkEnd, (byte)'\n') => BeforeSize(),
            (State.Trailer, (byte)'\r') => State.Trailer,
            (State.Trailer, (byte)'\n') => State.Complete,
            (State.Trailer, _) => State.TrailerLine,
            (State.TrailerLine, (byte)'\n') => State.Trailer,
            (State.TrailerLine, _) => State.TrailerLine,
            _ => State.Broken,
        };
        return 1;
    }

    private State BeforeSize()
    {
        (_left, _hasSize) = (0, false);
        return State.ChunkSize;
    }

    private State AfterSize() => !_hasSize ? State.Broken : _left > 0 ? State.ChunkData : State.Trailer;

    private State TakeDigit(byte value)
    {
        var digit = char.IsAsciiHexDigit((char)value) && _left < 1 << 27 ? Digit(value) : -1;
        if (digit < 0)
        {
            return State.Broken;
        }

        (_left, _hasSize) = ((_left * 16) + digit, true);
        return State.ChunkSize;
    }

    private static int Digit(byte value) => value <= '9' ? value - '0' : (value | 0x20) - 'a' + 10;
}
