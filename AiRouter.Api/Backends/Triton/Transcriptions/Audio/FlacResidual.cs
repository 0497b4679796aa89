namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>What the samples of a FLAC frame differ from their prediction, in Rice codes (RFC 9639, section 9.2.7).</summary>
internal static class FlacResidual
{
    /// <summary>Fills the samples behind the first ones, which were given; false when what comes is none.</summary>
    public static bool TryRead(FlacBits bits, int given, Span<long> samples)
    {
        var method = bits.Read(2);
        var partitions = 1 << (int)bits.Read(4);
        var length = samples.Length / partitions;
        if (method > 1 || length * partitions != samples.Length || length < given)
        {
            return false;
        }

        var width = method == 0 ? 4 : 5;
        for (var i = 0; i < partitions; i++)
        {
            ReadPartition(bits, width, samples[(i == 0 ? given : i * length)..((i + 1) * length)]);
            if (bits.IsOver)
            {
                return false;
            }
        }

        return true;
    }

    private static void ReadPartition(FlacBits bits, int width, Span<long> differences)
    {
        var low = (int)bits.Read(width);
        if (low == (1 << width) - 1)
        {
            // Plain numbers of so many bits; of none, they are all zero.
            var size = (int)bits.Read(5);
            foreach (ref var difference in differences)
            {
                difference = size == 0 ? 0 : bits.ReadSigned(size);
            }

            return;
        }

        foreach (ref var difference in differences)
        {
            var folded = ((long)bits.ReadZeros() << low) | bits.Read(low);
            difference = (folded >> 1) ^ -(folded & 1);
        }
    }
}
