namespace AiRouter.Benchmarks.Comparison;

/// <summary>What is measured in a round. The names are those of the JSON.</summary>
/// <param name="Name">In JSON.</param>
/// <param name="Title">In tables; <c>{unit}</c> is the workload's.</param>
/// <param name="Format">Of its numbers.</param>
internal sealed record Metric(string Name, string Title, string Format)
{
    /// <summary>Processor time for one unit, in microseconds.</summary>
    public static Metric Cpu { get; } = new("cpu", "CPU µs/{unit}", "0.0");

    /// <summary>How many times nginx's <see cref="Cpu"/> of the same round it is.</summary>
    public static Metric Ratio { get; } = new("ratio", "× nginx", "0.00");

    /// <summary>Units a second.</summary>
    public static Metric Rate { get; } = new("rate", "{unit}s/s", "0");

    /// <summary>The latency that half of all are not above, in microseconds: of answers, or of chunks where they are
    /// paced.</summary>
    public static Metric P50 { get; } = new("p50", "p50 µs", "0");

    /// <summary>What 99 % are not above.</summary>
    public static Metric P99 { get; } = new("p99", "p99 µs", "0");

    /// <summary>The time to the first event that 99 % are not above.</summary>
    public static Metric First { get; } = new("first.p99", "first event p99 µs", "0");

    /// <summary>Requests a second, or streams, at half load.</summary>
    public static Metric HalfLoad { get; } = new("half.load", "half load", "0");

    /// <summary>By how much p50 is above that of the upstream itself at the same load, which is half of what the proxy
    /// can do.</summary>
    public static Metric HalfP50 { get; } = new("half.p50", "added p50 µs", "0");

    /// <summary>The same of the p99 of each tenth of a second, the median of those.</summary>
    public static Metric HalfCalm { get; } = new("half.calm99", "added p99 µs, calm", "0");

    /// <summary>The same of p99.</summary>
    public static Metric HalfP99 { get; } = new("half.p99", "added p99 µs, all", "0");

    /// <summary>The same of the time to the first event.</summary>
    public static Metric HalfFirst { get; } = new("half.first.p99", "added first event p99 µs", "0");

    /// <summary>The greatest resident set, in MiB.</summary>
    public static Metric Peak { get; } = new("peak", "peak MiB", "0.0");

    /// <summary>The resident set at the end, in MiB.</summary>
    public static Metric Resident { get; } = new("resident", "resident MiB", "0.0");

    /// <summary>What a stream adds to the resident set, in KiB.</summary>
    public static Metric PerStream { get; } = new("stream", "KiB/stream", "0.0");

    /// <summary>From the start of the process to the end of its first answer, in milliseconds.</summary>
    public static Metric Start { get; } = new("start", "first answer ms", "0");

    /// <summary>All of them, in the order of tables.</summary>
    public static IReadOnlyList<Metric> All { get; } =
        [Cpu, Ratio, Rate, P50, P99, First, HalfLoad, HalfP50, HalfCalm, HalfP99, HalfFirst, Start, Resident, PerStream, Peak];
}
