using System.Numerics;

namespace AiRouter.Api.Streaming;

/// <summary>
/// The decimal number with the fewest digits that reads back as a given float32, and of those the nearest to it. The way is
/// the one of R. Giulietti's "The Schubfach way to render doubles": the numbers that read back as the float lie between two
/// bounds; scaled by a power of ten so that at most one multiple of ten lies between them, a few comparisons find it. One
/// product of 64 by 32 bits for each bound and the number itself, no loop.
/// </summary>
internal static class ShortestDecimal
{
    private const int FractionBits = 23;
    private const int ExponentBias = 150;
    private const int LeastPower = -31;
    private const int MostPower = 45;

    /// <summary>10^k as 64 bits with the highest set, rounded up.</summary>
    private static readonly ulong[] Powers = [.. Enumerable.Range(LeastPower, MostPower - LeastPower + 1).Select(Power)];

    /// <summary>The digits, maybe with zeros behind them; times ten to the power of <paramref name="exponent"/>.</summary>
    /// <param name="value">Positive and finite.</param>
    /// <param name="exponent">Of ten.</param>
    public static uint Of(float value, out int exponent)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var fraction = bits & ((1u << FractionBits) - 1);
        var biased = (int)(bits >> FractionBits);

        // value = significand * 2^power
        var significand = biased == 0 ? fraction : fraction | (1u << FractionBits);
        var power = Math.Max(biased, 1) - ExponentBias;

        // Below a power of two the next number is only half as far away.
        var isLowerNear = fraction == 0 && biased > 1;

        // k = floor(log10(2^power)), or of 3/4 of that; the shift makes up for the power of two in Powers.
        var k = ((power * 1262611) - (isLowerNear ? 524031 : 0)) >> 22;
        var shift = power + ((-k * 1741647) >> 19) + 1;
        var scale = Powers[-k - LeastPower];

        // Four times the number and its bounds, in units of 10^k.
        var number = Scaled(scale, (4 * significand) << shift);
        var lower = Scaled(scale, ((4 * significand) - (isLowerNear ? 1u : 2u)) << shift);
        var upper = Scaled(scale, ((4 * significand) + 2) << shift);

        // A number just on a bound reads back as the even one of its neighbours.
        var odd = significand & 1;
        lower += odd;
        upper -= odd;

        var floor = number / 4;
        if (floor >= 10)
        {
            var tens = floor / 10;
            var isDownIn = lower <= 40 * tens;
            var isUpIn = (40 * tens) + 40 <= upper;
            if (isDownIn != isUpIn)
            {
                exponent = k + 1;
                return tens + (isUpIn ? 1u : 0);
            }
        }

        exponent = k;
        var isFloorIn = lower <= 4 * floor;
        var isNextIn = (4 * floor) + 4 <= upper;
        if (isFloorIn != isNextIn)
        {
            return floor + (isNextIn ? 1u : 0);
        }

        var middle = (4 * floor) + 2;
        return floor + (number > middle || (number == middle && (floor & 1) != 0) ? 1u : 0);
    }

    /// <summary>The high part of the product; its last bit says also whether anything was cut off.</summary>
    private static uint Scaled(ulong scale, uint number)
    {
        // Bits 32 to 95 of 96: two plain products are less than one of 128 bits.
        var product = ((scale >> 32) * number) + (((ulong)(uint)scale * number) >> 32);
        return (uint)(product >> 32) | ((uint)product > 1 ? 1u : 0);
    }

    private static ulong Power(int k)
    {
        // Far more bits than are needed, so that rounding happens once, here.
        const int bits = 256;
        var power = k < 0
            ? (BigInteger.One << bits) / BigInteger.Pow(10, -k)
            : BigInteger.Pow(10, k) << bits;
        var excess = (int)power.GetBitLength() - 64;
        var isExact = k >= 0 && (power & ((BigInteger.One << excess) - 1)).IsZero;
        return (ulong)(power >> excess) + (isExact ? 0ul : 1);
    }
}
