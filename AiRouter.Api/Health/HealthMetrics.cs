using System.Diagnostics.Metrics;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Health;

/// <summary>The instruments that show every target's health and load.</summary>
internal sealed class HealthMetrics(IMeterFactory meters, TargetReports targets) : IHostedService
{
    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(TelemetryNames.Source);
        meter.CreateObservableGauge(
            TelemetryNames.TargetUsable,
            () => Measure(static t => t.State is TargetReportState.Usable or TargetReportState.HalfOpen ? 1 : 0),
            null,
            "1 while requests are sent to the target.");
        meter.CreateObservableGauge(
            TelemetryNames.TargetBreaker,
            () => Measure(static t => t.State switch
            {
                TargetReportState.Open => 2,
                TargetReportState.HalfOpen or TargetReportState.Trying => 1,
                _ => 0,
            }),
            null,
            "0: the breaker is closed, 1: half open, 2: open.");
        meter.CreateObservableGauge(
            TelemetryNames.TargetActiveRequests,
            () => Measure(static t => t.InFlight),
            "{request}",
            "Requests under way at the target.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private IEnumerable<Measurement<int>> Measure(Func<TargetReport, int> value) => targets.Read().Select(target =>
        new Measurement<int>(
            value(target),
            KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.Model, target.Model),
            KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.Backend, target.Backend),
            KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.BackendModel, target.BackendModel ?? "")));
}
