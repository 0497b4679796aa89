using System.Diagnostics.Metrics;
using AiRouter.Core.Metering;

namespace AiRouter.Api.Telemetry;

/// <summary>The instruments of what becomes of requests inside: other targets, other models, and what waits for the store.</summary>
internal sealed class RouterMetrics
{
    private long _droppedObjects;

    /// <summary>Creates them on the router's meter.</summary>
    /// <param name="meters">Makes the meter.</param>
    /// <param name="usage">What is kept of requests; null: nothing is, because there is no store.</param>
    public RouterMetrics(IMeterFactory meters, UsageMeter? usage = null)
    {
        var meter = meters.Create(TelemetryNames.Source);

        // Observed, so that it is there with 0 before anything is lost: an alert on its increase sees the first loss too.
        meter.CreateObservableCounter(
            TelemetryNames.ObjectsDropped,
            () => Interlocked.Read(ref _droppedObjects),
            "{object}",
            "Owners of objects that the store was not told.");
        Retries = meter.CreateCounter<long>(TelemetryNames.Retries, "{retry}", "Requests tried again.");
        RetriesRefused = meter.CreateCounter<long>(
            TelemetryNames.RetriesRefused, "{retry}", "Requests not tried again: the model's retry budget was used up.");
        Fallbacks = meter.CreateCounter<long>(TelemetryNames.Fallbacks, "{request}", "Requests that went on to another model.");
        if (usage is not null)
        {
            Observe(meter, usage);
        }
    }

    /// <summary>See <see cref="TelemetryNames.Retries"/>.</summary>
    public Counter<long> Retries { get; }

    /// <summary>See <see cref="TelemetryNames.RetriesRefused"/>.</summary>
    public Counter<long> RetriesRefused { get; }

    /// <summary>See <see cref="TelemetryNames.Fallbacks"/>.</summary>
    public Counter<long> Fallbacks { get; }

    /// <summary>See <see cref="TelemetryNames.ObjectsDropped"/>.</summary>
    public void ObjectsDropped(int count) => Interlocked.Add(ref _droppedObjects, count);

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
