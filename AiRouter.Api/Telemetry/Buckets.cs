using System.Diagnostics.Metrics;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// The ranges of histograms. Those of the GenAI conventions where they have any; times of requests go on to ten minutes, because the
/// conventions' last bound (82 s) is shorter than many an answer.
/// </summary>
internal static class Buckets
{
    /// <summary>Seconds of whole requests and of attempts at backends.</summary>
    public static readonly InstrumentAdvice<double> Durations = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68, 655.36],
    };

    /// <summary>Seconds to the first token.</summary>
    public static readonly InstrumentAdvice<double> FirstTokens = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
    };

    /// <summary>Seconds per token after the first. Small models are quicker than the conventions' first bound (10 ms).</summary>
    public static readonly InstrumentAdvice<double> OutputTokens = new()
    {
        HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5],
    };

    /// <summary>Tokens of one request.</summary>
    public static readonly InstrumentAdvice<long> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
    };

    /// <summary>Seconds in a queue.</summary>
    public static readonly InstrumentAdvice<double> Waits = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300],
    };

    /// <summary>Seconds of calls to the store, which have a deadline of 250 ms on a request's way.</summary>
    public static readonly InstrumentAdvice<double> StoreCalls = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    };
}
