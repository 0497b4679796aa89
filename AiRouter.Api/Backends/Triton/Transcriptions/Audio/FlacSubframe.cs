namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio;

/// <summary>One channel of a FLAC frame: a prediction from the samples before, and what differs from it (RFC 9639, section 9.2).</summary>
internal static class FlacSubframe
{
    private const int MostBits = 33;

    private static readonly int[][] Fixed = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]];

    /// <summary>Fills the samples; false when what comes is none.</summary>
    public static bool TryRead(FlacBits bits, int size, Span<long> samples)
    {
        var isBroken = bits.Read(1) == 1;
        var type = (int)bits.Read(6);
        var wasted = bits.Read(1) == 1 ? bits.ReadZeros() + 1 : 0;
        size -= wasted;
        if (isBroken || size is < 1 or > MostBits)
        {
            return false;
        }

        var isRead = type switch
        {
            0 => ReadConstant(bits, size, samples),
            1 => ReadVerbatim(bits, size, samples),
            >= 8 and <= 12 => ReadFixed(bits, size, type - 8, samples),
            >= 32 => ReadLinear(bits, size, type - 31, samples),
            _ => false,
        };
        for (var i = 0; isRead && wasted > 0 && i < samples.Length; i++)
        {
            samples[i] <<= wasted;
        }

        return isRead;
    }

    private static bool ReadConstant(FlacBits bits, int size, Span<long> samples)
    {
        samples.Fill(bits.ReadSigned(size));
        return true;
    }

    private static bool ReadVerbatim(FlacBits bits, int size, Span<long> samples)
    {
        foreach (ref var sample in samples)
        {
            sample = bits.ReadSigned(size);
        }

        return true;
    }

    private static bool ReadFixed(FlacBits bits, int size, int order, Span<long> samples)
    {
        if (order > samples.Length)
        {
            return false;
        }

        ReadVerbatim(bits, size, samples[..order]);
        if (!FlacResidual.TryRead(bits, order, samples))
        {
            return false;
        }

        Predict(Fixed[order], 0, samples);
        return true;
    }

    private static bool ReadLinear(FlacBits bits, int size, int order, Span<long> samples)
    {
        if (order > samples.Length)
        {
            return false;
        }

        ReadVerbatim(bits, size, samples[..order]);
        var precision = (int)bits.Read(4) + 1;
        var shift = (int)bits.ReadSigned(5);
        if (precision == 16 || shift < 0)
        {
            return false;
        }

        Span<int> weights = stackalloc int[order];
        foreach (ref var weight in weights)
        {
            weight = (int)bits.ReadSigned(precision);
        }

        if (!FlacResidual.TryRead(bits, order, samples))
        {
            return false;
        }

        Predict(weights, shift, samples);
        return true;
    }

    /// <summary>Adds to what differs the prediction from the samples before; the first weight is that of the last of them.</summary>
    private static void Predict(ReadOnlySpan<int> weights, int shift, Span<long> samples)
    {
        for (var i = weights.Length; i < samples.Length; i++)
        {
            var sum = 0L;
            for (var k = 0; k < weights.Length; k++)
            {
                sum += weights[k] * samples[i - 1 - k];
            }

            samples[i] += sum >> shift;
        }
    }
}
