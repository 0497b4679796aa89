namespace AiRouter.Core.Metering;

/// <summary>How often times fell into each of a row of ranges.</summary>
/// <param name="UpToSeconds">The upper ends (included); the last range has none.</param>
/// <param name="Counts">One more than the ends.</param>
/// <param name="SumSeconds">All together.</param>
public sealed record UsageHistogram(IReadOnlyList<double> UpToSeconds, IReadOnlyList<long> Counts, double SumSeconds)
{
    /// <summary>
    /// The ends that all histograms of usage have: from 5 ms to 10 min, each 1.25 to 2 times the one before. Changing them would
    /// give what is stored another meaning.
    /// </summary>
    public static IReadOnlyList<double> Bounds { get; } =
    [
        0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 60, 120, 300, 600,
    ];

    /// <summary>Some together; those of none are none.</summary>
    public static UsageHistogram Sum(IEnumerable<UsageHistogram> histograms)
    {
        var counts = new long[Bounds.Count + 1];
        var seconds = 0d;
        foreach (var histogram in histograms)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += histogram.Counts[i];
            }

            seconds += histogram.SumSeconds;
        }

        return new UsageHistogram(Bounds, counts, seconds);
    }

    /// <summary>How many times there are.</summary>
    public long Count => Counts.Sum();

    /// <summary>
    /// The time that a part of all times are not longer than: 0.5 is the median, 0.95 the 95th percentile. Within a range the times
    /// are taken to be spread evenly, so the answer is in the right range, and exact only by chance; beyond the last end it is that
    /// end. Null: there are no times.
    /// </summary>
    /// <param name="part">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The part is none.</exception>
    public double? Quantile(double part)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(part, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        var count = Count;
        if (count == 0)
        {
            return null;
        }

        var rank = part * count;
        var below = 0L;
        for (var i = 0; i < UpToSeconds.Count; i++)
        {
            if (Counts[i] > 0 && below + Counts[i] >= rank)
            {
                var start = i == 0 ? 0 : UpToSeconds[i - 1];
                return start + ((UpToSeconds[i] - start) * Math.Max(0, rank - below) / Counts[i]);
            }

            below += Counts[i];
        }

        return UpToSeconds[^1];
    }
}
