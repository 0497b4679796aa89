using System.Diagnostics.Metrics;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Api.Telemetry;

/// <summary>The instruments of a router with a store; without one it adds none.</summary>
internal sealed class StoreMetrics(IMeterFactory meters, IServiceProvider services, TimeProvider time) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<IStore>() is { } store && services.GetService<StoreSnapshot>() is { } snapshot)
        {
            Add(store, snapshot, [.. services.GetServices<IReplicaReportSource>()]);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Add(IStore store, StoreSnapshot snapshot, IReplicaReportSource[] sources)
    {
        var meter = meters.Create(TelemetryNames.Source);
        meter.CreateObservableGauge(
            TelemetryNames.StoreUp, () => store.IsAvailable ? 1 : 0, null, "1 while the store answers.");
        meter.CreateObservableGauge(
            TelemetryNames.ConfigurationVersion,
            () => Report(sources).ConfigurationVersion ?? 0,
            null,
            "Stored version of the configuration that is served.");
        meter.CreateObservableGauge(
            TelemetryNames.SnapshotAge,
            () => Age(snapshot),
            "s",
            "Time since the store last confirmed the router's own copy of the configuration.");
    }

    private static ReplicaReport Report(IReplicaReportSource[] sources) => sources.Aggregate(
        new ReplicaReport { Id = "", Role = "", Host = "", Started = default }, static (report, source) => source.AddTo(report));

    // Nothing is measured as long as there is no copy.
    private IEnumerable<Measurement<double>> Age(StoreSnapshot snapshot) =>
        snapshot.Configuration is null ? [] : [new((time.GetUtcNow() - snapshot.ConfigurationConfirmed).TotalSeconds)];
}
