namespace AiRouter.Benchmarks.Soak;

/// <summary>How much memory the router takes, over time.</summary>
internal sealed class MemorySamples
{
    /// <summary>The last third may have this many times the middle third's.</summary>
    public const double Tolerance = 1.10;

    private readonly List<(double Seconds, double Bytes)> _samples = [];

    /// <summary>Adds one.</summary>
    public void Add(TimeSpan at, double bytes) => _samples.Add((at.TotalSeconds, bytes));

    /// <summary>The median of the first, the middle and the last third, in MiB.</summary>
    public (double Start, double Middle, double End) Thirds => (Third(0), Third(1), Third(2));

    /// <summary>The slope of the line through the second half, in percent a minute of its mean.</summary>
    public double PercentPerMinute
    {
        get
        {
            var half = _samples.Skip(_samples.Count / 2).ToList();
            if (half.Count < 3)
            {
                return 0;
            }

            var time = half.Average(s => s.Seconds);
            var mean = half.Average(s => s.Bytes);
            var slope = half.Sum(s => (s.Seconds - time) * (s.Bytes - mean)) / half.Sum(s => (s.Seconds - time) * (s.Seconds - time));
            return 100 * 60 * slope / mean;
        }
    }

    /// <summary>Whether it grows no more.</summary>
    public bool IsFlat => Thirds is var (_, middle, end) && end <= middle * Tolerance;

    private double Third(int which)
    {
        var count = _samples.Count / 3;
        var third = _samples.Skip(which * count).Take(Math.Max(count, 1)).Select(s => s.Bytes).Order().ToList();
        return third.Count == 0 ? 0 : third[third.Count / 2] / (1024 * 1024);
    }
}
