using System.Diagnostics.Metrics;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>The instruments of the configuration that is served, wherever it comes from.</summary>
internal sealed class ConfigurationMetrics(IMeterFactory meters, IRouterConfiguration configuration, TimeProvider time) : IHostedService
{
    private IDisposable? _subscription;
    private long _applied;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscription = configuration.OnChange(_ => NoteChange());
        if (configuration.Current is not null)
        {
            NoteChange();
        }

        var meter = meters.Create(TelemetryNames.Source);
        meter.CreateObservableGauge(
            TelemetryNames.ConfigurationProblems,
            () => configuration.Problems.Count,
            "{problem}",
            "Problems of the newest configuration, which is not served.");
        meter.CreateObservableGauge(
            TelemetryNames.ConfigurationApplied, Applied, "s", "When the configuration that is served came into force, in seconds since 1970.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _subscription?.Dispose();
        return Task.CompletedTask;
    }

    private void NoteChange() => Volatile.Write(ref _applied, time.GetUtcNow().ToUnixTimeSeconds());

    // Nothing is measured before the first configuration.
    private IEnumerable<Measurement<long>> Applied() => Volatile.Read(ref _applied) is > 0 and var applied ? [new(applied)] : [];
}
