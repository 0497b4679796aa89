using System.Diagnostics.Metrics;

namespace AiRouter.Api.Telemetry;

/// <summary>The router's instruments.</summary>
internal sealed class RouterMetrics
{
    private static readonly double[] Seconds =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

    /// <summary>Creates them on the router's meter.</summary>
    public RouterMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(TelemetryNames.Source);
        Duration = meter.CreateHistogram(
            TelemetryNames.RequestDuration, "s", "Time from request to the end of the answer.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        TimeToFirstToken = meter.CreateHistogram(
            TelemetryNames.TimeToFirstToken, "s", "Time from request to the first data event sent.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = Seconds });
        Tokens = meter.CreateCounter<long>(TelemetryNames.TokenUsage, "{token}", "Tokens of answered requests.");
        Active = meter.CreateUpDownCounter<long>(TelemetryNames.ActiveRequests, "{request}", "Requests under way.");
        Errors = meter.CreateCounter<long>(TelemetryNames.Errors, "{error}", "Requests that failed, by cause.");
    }

    /// <summary>See <see cref="TelemetryNames.RequestDuration"/>.</summary>
    public Histogram<double> Duration { get; }

    /// <summary>See <see cref="TelemetryNames.TimeToFirstToken"/>.</summary>
    public Histogram<double> TimeToFirstToken { get; }

    /// <summary>See <see cref="TelemetryNames.TokenUsage"/>.</summary>
    public Counter<long> Tokens { get; }

    /// <summary>See <see cref="TelemetryNames.ActiveRequests"/>.</summary>
    public UpDownCounter<long> Active { get; }

    /// <summary>See <see cref="TelemetryNames.Errors"/>.</summary>
    public Counter<long> Errors { get; }
}
