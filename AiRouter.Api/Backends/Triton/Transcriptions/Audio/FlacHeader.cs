namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>What the block STREAMINFO at the beginning of a FLAC file says (RFC 9639, section 8.2).</summary>
/// <param name="SampleRate">Samples in a second.</param>
/// <param name="Channels">1 to 8.</param>
/// <param name="Bits">Of a sample, 4 to 32.</param>
/// <param name="Samples">Of each channel; 0: its writer did not know.</param>
internal sealed record FlacHeader(int SampleRate, int Channels, int Bits, long Samples)
{
    private const int LeastRate = 1_000;
    private const int MostRate = 384_000;
    private const int MostBlocks = 1024;
    private const int InfoLength = 34;
    private const string TooShort = "it ends before its sound";

    /// <summary>Reads all that comes before the frames; null and what is wrong with it when it is none that we can play.</summary>
    public static FlacHeader? Read(FlacBits bits, out string? problem)
    {
        // The file's mark, which has been looked at.
        bits.Read(32);
        FlacHeader? header = null;
        var isLast = false;
        for (var i = 0; !isLast && i < MostBlocks && !bits.IsOver; i++)
        {
            isLast = bits.Read(1) == 1;
            var type = bits.Read(7);
            var length = (int)bits.Read(24);
            if ((type == 0) != (i == 0) || (type == 0 && length != InfoLength))
            {
                problem = bits.IsOver ? TooShort : "it does not begin with its description";
                return null;
            }

            if (type == 0)
            {
                header = ReadInfo(bits);
                continue;
            }

            for (; length > 0 && !bits.IsOver; length--)
            {
                bits.Read(8);
            }
        }

        if (!isLast || bits.IsOver)
        {
            problem = TooShort;
            return null;
        }

        problem = header is null || header.Bits < 4 ? "its description is broken"
            : header.SampleRate is < LeastRate or > MostRate ? $"its sample rate is {header.SampleRate}, and {LeastRate} to {MostRate} are taken"
            : null;
        return problem is null ? header : null;
    }

    private static FlacHeader ReadInfo(FlacBits bits)
    {
        // The sizes of blocks and frames.
        bits.Read(32);
        bits.Read(24);
        bits.Read(24);
        var rate = (int)bits.Read(20);
        var channels = (int)bits.Read(3) + 1;
        var size = (int)bits.Read(5) + 1;
        var samples = ((long)bits.Read(4) << 32) | bits.Read(32);
        for (var i = 0; i < 4; i++)
        {
            // The MD5 of the samples.
            bits.Read(32);
        }

        return new FlacHeader(rate, channels, size, samples);
    }
}
