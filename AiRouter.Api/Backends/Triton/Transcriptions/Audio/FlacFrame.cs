namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>The frame of a FLAC file that was read last (RFC 9639, section 9). Checksums are not looked at.</summary>
internal sealed class FlacFrame(FlacBits bits, FlacHeader header)
{
    private const int LeftSide = 8;
    private const int SideRight = 9;
    private const int MidSide = 10;

    private long[][] _channels = [];

    /// <summary>Samples of each channel.</summary>
    public int Length { get; private set; }

    /// <summary>The channels' samples.</summary>
    public IReadOnlyList<long[]> Channels => _channels;

    /// <summary>Bits of a sample.</summary>
    public int Bits { get; private set; }

    /// <summary>Reads the next; false when none comes that is one.</summary>
    public bool TryRead()
    {
        // Fourteen bits of mark, one of reserve, and the strategy, which only says what the frame's number counts.
        if (bits.Read(15) != 0x7FFC)
        {
            return false;
        }

        bits.Read(1);
        var sizeCode = (int)bits.Read(4);
        var rateCode = (int)bits.Read(4);
        var layout = (int)bits.Read(4);
        var bitsCode = (int)bits.Read(3);
        if (bits.Read(1) != 0 || !SkipNumber())
        {
            return false;
        }

        Length = SizeOf(sizeCode);
        bits.Read(rateCode switch { 12 => 8, 13 or 14 => 16, _ => 0 });
        bits.Read(8);
        Bits = BitsOf(bitsCode);
        var count = layout < LeftSide ? layout + 1 : 2;
        if (Length == 0 || Bits == 0 || rateCode == 15 || layout > MidSide || count != header.Channels || bits.IsOver)
        {
            return false;
        }

        return TryReadChannels(layout, count);
    }

    private bool TryReadChannels(int layout, int count)
    {
        if (_channels.Length != count || _channels[0].Length < Length)
        {
            _channels = [.. Enumerable.Range(0, count).Select(_ => new long[Length])];
        }

        for (var i = 0; i < count; i++)
        {
            var isSide = (layout is LeftSide or MidSide && i == 1) || (layout == SideRight && i == 0);
            if (!FlacSubframe.TryRead(bits, isSide ? Bits + 1 : Bits, _channels[i].AsSpan(0, Length)))
            {
                return false;
            }
        }

        Separate(layout);
        bits.Align();
        bits.Read(16);
        return !bits.IsOver;
    }

    private void Separate(int layout)
    {
        if (layout < LeftSide)
        {
            return;
        }

        var (first, second) = (_channels[0], _channels[1]);
        for (var i = 0; i < Length; i++)
        {
            switch (layout)
            {
                case LeftSide:
                    second[i] = first[i] - second[i];
                    break;
                case SideRight:
                    first[i] += second[i];
                    break;
                default:
                    var (mid, side) = ((first[i] << 1) | (second[i] & 1), second[i]);
                    first[i] = (mid + side) >> 1;
                    second[i] = (mid - side) >> 1;
                    break;
            }
        }
    }

    /// <summary>The frame's number, written as UTF-8 writes a character, with up to seven bytes.</summary>
    private bool SkipNumber()
    {
        var first = (byte)bits.Read(8);
        var ones = System.Numerics.BitOperations.LeadingZeroCount((uint)(byte)~first) - 24;
        if (ones is 1 or 8)
        {
            return false;
        }

        for (var i = 1; i < ones; i++)
        {
            if (bits.Read(8) >> 6 != 2)
            {
                return false;
            }
        }

        return true;
    }

    private int SizeOf(int code) => code switch
    {
        0 => 0,
        1 => 192,
        < 6 => 576 << (code - 2),
        6 => (int)bits.Read(8) + 1,
        7 => (int)bits.Read(16) + 1,
        _ => 256 << (code - 8),
    };

    private int BitsOf(int code) => code switch
    {
        0 => header.Bits,
        1 => 8,
        2 => 12,
        4 => 16,
        5 => 20,
        6 => 24,
        7 => 32,
        _ => 0,
    };
}
