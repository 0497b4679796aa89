using System.Diagnostics;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>
/// Times of a whole measurement, and beside them the p99 of each tenth of a second. On a machine that others have a part of, what
/// stops everything for 20 ms twice a second is the p99 of the whole; the median of the slices is what is left without that. What the
/// measured process does itself more often than five times a second is in it.
/// </summary>
internal sealed class SlicedLatency
{
    // A slice is so long at least, and has so many times that its p99 is not simply the worst.
    private const long FewestTimes = 100;

    private static readonly long Slice = Stopwatch.Frequency / 10;

    private readonly LatencyHistogram _all = new();
    private readonly LatencyHistogram _slice = new();
    private readonly List<double> _slices = [];
    private long _begun;

    /// <summary>Counts a time.</summary>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="now">When it ended, in the clock's ticks.</param>
    public void Add(long nanoseconds, long now)
    {
        if (now - _begun >= Slice && _slice.Count >= FewestTimes)
        {
            _slices.Add(_slice.Microseconds(0.99));
            _slice.Clear();
            _begun = now;
        }

        _all.Add(nanoseconds);
        _slice.Add(nanoseconds);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        _all.Clear();
        _slice.Clear();
        _slices.Clear();
        _begun = Stopwatch.GetTimestamp();
    }

    /// <summary>What they come to.</summary>
    public Percentiles ToPercentiles() => _all.Count == 0
        ? new Percentiles(null, null, null, null)
        : new Percentiles(_all.Microseconds(0.5), _all.Microseconds(0.99), Calm(), _all.Max / 1000.0);

    private double? Calm()
    {
        if (_slices.Count == 0)
        {
            return null;
        }

        var sorted = _slices.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
