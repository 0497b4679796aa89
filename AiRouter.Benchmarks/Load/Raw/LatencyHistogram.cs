using System.Numerics;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>Counts times in classes that are at most 1.6 % wide, without allocating.</summary>
internal sealed class LatencyHistogram
{
    // Each power of two is cut into so many classes.
    private const int Bits = 6;
    private const int Parts = 1 << Bits;

    private readonly long[] _counts = new long[64 << Bits];

    /// <summary>How many times were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The greatest of them, in nanoseconds.</summary>
    public long Max { get; private set; }

    /// <summary>Counts a time.</summary>
    /// <param name="nanoseconds">Below zero counts as zero.</param>
    public void Add(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        _counts[Class(value)]++;
        Count++;
        Max = Math.Max(Max, value);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Max) = (0, 0);
    }

    /// <summary>The time that this share of all is not above, in microseconds; not a number when there are
    /// none.</summary>
    public double Microseconds(double share)
    {
        if (Count == 0)
        {
            return double.NaN;
        }

        var wanted = Math.Max(1, (long)Math.Ceiling(Count * share));
        var number = 0;
        for (var seen = _counts[0]; seen < wanted; seen += _counts[number])
        {
            number++;
        }

        return Math.Min(Middle(number), Max) / 1000;
    }

    private static int Class(long value)
    {
        if (value < Parts)
        {
            return (int)value;
        }

        var shift = BitOperations.Log2((ulong)value) - Bits;
        return ((shift + 1) << Bits) + (int)((value >> shift) - Parts);
    }

    private static double Middle(int number)
    {
        if (number < Parts)
        {
            return number;
        }

        var shift = (number >> Bits) - 1;
        return ((number & (Parts - 1)) + Parts + 0.5) * (1L << shift);
    }
}
