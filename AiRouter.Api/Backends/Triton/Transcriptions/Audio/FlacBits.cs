using System.Numerics;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>Reads a FLAC stream bit by bit, the highest bit of a byte first. Behind the end there are zeros, and <see cref="IsOver"/>.</summary>
internal sealed class FlacBits(Stream file)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _at;
    private int _count;
    private ulong _bits;
    private int _left;

    /// <summary>More was read than there is.</summary>
    public bool IsOver { get; private set; }

    /// <summary>A number of so many bits, 0 to 32, without a sign.</summary>
    public uint Read(int bits)
    {
        while (_left < bits)
        {
            _bits = (_bits << 8) | NextByte();
            _left += 8;
        }

        _left -= bits;
        return (uint)((_bits >> _left) & ((1UL << bits) - 1));
    }

    /// <summary>A number of so many bits, 1 to 33, with a sign.</summary>
    public long ReadSigned(int bits)
    {
        var value = bits > 32 ? ((long)Read(bits - 32) << 32) | Read(32) : Read(bits);
        return value << (64 - bits) >> (64 - bits);
    }

    /// <summary>How many zeros come before a one, which is read too.</summary>
    public int ReadZeros()
    {
        var zeros = 0;
        while (!IsOver)
        {
            var rest = _bits & ((1UL << _left) - 1);
            if (rest != 0)
            {
                var before = BitOperations.LeadingZeroCount(rest) - (64 - _left);
                _left -= before + 1;
                return zeros + before;
            }

            zeros += _left;
            _bits = NextByte();
            _left = 8;
        }

        return zeros;
    }

    /// <summary>Goes on with the next whole byte.</summary>
    public void Align() => _left -= _left % 8;

    private byte NextByte()
    {
        if (_at == _count)
        {
            _at = 0;
            _count = IsOver ? 0 : file.Read(_buffer);
            IsOver |= _count == 0;
        }

        return IsOver ? (byte)0 : _buffer[_at++];
    }
}
