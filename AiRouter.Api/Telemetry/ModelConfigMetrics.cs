using System.Diagnostics.Metrics;
using AiRouter.Api.Backends;
using AiRouter.Api.Backends.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Telemetry;

/// <summary>The instruments of what is known of Tritons' models: their configurations are read once and kept.</summary>
internal sealed class ModelConfigMetrics(IMeterFactory meters, RouterStates states) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(TelemetryNames.Source);
        meter.CreateObservableGauge(
            TelemetryNames.ModelConfigsKnown,
            () => Lookups().Select(static b => new Measurement<int>(b.Lookups.Known, BackendOf(b.Name))),
            "{model}",
            "Models whose configuration is kept, by backend.");
        meter.CreateObservableCounter(
            TelemetryNames.ModelConfigLookups, Count, "{lookup}", "Times that the configuration of a model was needed, by whether it was kept.");
        meter.CreateObservableCounter(
            TelemetryNames.ModelConfigFailures,
            () => Lookups().Select(static b => new Measurement<long>(b.Lookups.Failures, BackendOf(b.Name))),
            "{failure}",
            "Times that a backend was asked for the configuration of a model and gave none.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static KeyValuePair<string, object?> BackendOf(string name) => new(TelemetryNames.Attributes.Backend, name);

    private IEnumerable<(string Name, ModelLookups Lookups)> Lookups()
    {
        if (states.Current is not { } state)
        {
            yield break;
        }

        foreach (var (name, backend) in state.Backends)
        {
            if (backend.Backend is TritonBackend triton)
            {
                yield return (name, triton.Lookups);
            }
        }
    }

    private IEnumerable<Measurement<long>> Count()
    {
        foreach (var (name, lookups) in Lookups())
        {
            yield return new Measurement<long>(lookups.Hits, BackendOf(name), new(TelemetryNames.Attributes.CacheHit, true));
            yield return new Measurement<long>(lookups.Reads, BackendOf(name), new(TelemetryNames.Attributes.CacheHit, false));
        }
    }
}
