using System.Diagnostics.Metrics;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Telemetry;

/// <summary>The router's instruments.</summary>
internal sealed class RouterMetrics
{
    private static readonly double[] Seconds =
        [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640];

    /// <summary>Creates them on the router's meter.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="usage">What is kept of requests; null: nothing is, because there is no store.</param>
    public RouterMetrics(IMeterFactory meters, UsageMeter? usage = null)
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
        DroppedObjects = meter.CreateCounter<long>(
            TelemetryNames.ObjectsDropped, "{object}", "Owners of objects that the store was not told.");
        Retries = meter.CreateCounter<long>(TelemetryNames.Retries, "{retry}", "Requests tried again.");
        RetriesRefused = meter.CreateCounter<long>(
            TelemetryNames.RetriesRefused, "{retry}", "Requests not tried again: the model's retry budget was used up.");
        Fallbacks = meter.CreateCounter<long>(TelemetryNames.Fallbacks, "{request}", "Requests that went on to another model.");
        Cost = meter.CreateCounter<double>(TelemetryNames.Cost, "USD", "What requests cost at their models' prices.");
        if (usage is not null)
        {
            Observe(meter, usage);
        }
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

    /// <summary>See <see cref="TelemetryNames.ObjectsDropped"/>.</summary>
    public Counter<long> DroppedObjects { get; }

    /// <summary>See <see cref="TelemetryNames.Cost"/>.</summary>
    public Counter<double> Cost { get; }

    /// <summary>See <see cref="TelemetryNames.Retries"/>.</summary>
    public Counter<long> Retries { get; }

    /// <summary>See <see cref="TelemetryNames.RetriesRefused"/>.</summary>
    public Counter<long> RetriesRefused { get; }

    /// <summary>See <see cref="TelemetryNames.Fallbacks"/>.</summary>
    public Counter<long> Fallbacks { get; }

    private static void Observe(Meter meter, UsageMeter usage)
    {
        meter.CreateObservableCounter(
            TelemetryNames.UsageDropped, () => usage.Dropped, "{record}", "Usage records dropped: too much waited for the store.");
        meter.CreateObservableGauge(
            TelemetryNames.UsageWaiting, () => usage.Waiting, "{combination}", "Usage that waits for the store.");
        meter.CreateObservableCounter(
            TelemetryNames.UsageOther, () => usage.CountedAsOther, "{combination}", "Usage counted as (other).");
        meter.CreateObservableCounter(
            TelemetryNames.RequestLogDropped, () => usage.DroppedLogEntries, "{entry}", "Requests that never came into the request log.");
    }
}
