namespace AiRouter.Triton.Protocol;

/// <summary>
/// Reads protobuf fields from a part of a buffer. Nothing throws: a false answer means that the bytes are not protobuf.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> buffer, int start, int end)
{
    private readonly ReadOnlySpan<byte> _buffer = buffer;
    private readonly int _end = end;
    private int _position = start;

    public readonly bool IsAtEnd => _position >= _end;

    public readonly int Position => _position;

    public bool TryReadTag(out int field, out WireType type)
    {
        var read = TryReadVarint(out var tag);
        type = (WireType)(tag & 7);
        field = (int)(tag >> 3);
        return read && tag <= uint.MaxValue && field > 0;
    }

    public bool TryReadVarint(out ulong value)
    {
        // Nearly all tags and lengths of a token's message have one byte.
        if (_position < _end && _buffer[_position] is < 0x80 and var single)
        {
            _position++;
            value = single;
            return true;
        }

        return TryReadLongVarint(out value);
    }

    /// <summary>Reads a length and steps over that many bytes.</summary>
    public bool TryReadBytes(out ByteRange range)
    {
        range = default;
        if (!TryReadVarint(out var length) || length > (ulong)(_end - _position))
        {
            return false;
        }

        range = new ByteRange(_position, (int)length);
        _position += (int)length;
        return true;
    }

    public bool TryReadFixed(int size, out ByteRange range)
    {
        range = new ByteRange(_position, size);
        _position += size;
        return _position <= _end;
    }

    public bool TrySkip(WireType type) => type switch
    {
        WireType.Varint => TryReadVarint(out _),
        WireType.Fixed64 => TryReadFixed(8, out _),
        WireType.Bytes => TryReadBytes(out _),
        WireType.Fixed32 => TryReadFixed(4, out _),
        _ => false,
    };

    private bool TryReadLongVarint(out ulong value)
    {
        value = 0;
        for (var shift = 0; shift < 70 && _position < _end; shift += 7)
        {
            var next = _buffer[_position++];
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>A part of a message's buffer.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;
}

/// <summary>Protobuf's wire types; groups (3, 4) are not part of proto3.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
