using System.Diagnostics.Metrics;
using AiRouter.Api.Backends;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry;

namespace AiRouter.Api.Queueing;

/// <summary>The instruments of queues. Models without a queue have none.</summary>
internal sealed class QueueMetrics
{
    private readonly Histogram<double> _wait;
    private readonly Counter<long> _refused;

    /// <summary>Creates them on the router's meter.</summary>
    public QueueMetrics(IMeterFactory meters, RouterStates states)
    {
        var meter = meters.Create(TelemetryNames.Source);
        _wait = meter.CreateHistogram(
            TelemetryNames.QueueWait, "s", "Time that requests waited for a place, those that found one at once included.",
            advice: Buckets.Waits);
        _refused = meter.CreateCounter<long>(TelemetryNames.QueueRefusals, "{request}", "Requests that got no place, by cause.");
        meter.CreateObservableGauge(
            TelemetryNames.QueueWaiting, () => Measure(states, static q => q.Waiting), "{request}", "Requests that wait for a place.");
        meter.CreateObservableGauge(
            TelemetryNames.QueueRunning, () => Measure(states, static q => q.Running), "{place}", "Places that are taken.");
    }

    /// <summary>A request has its place, or has been refused one.</summary>
    public void Entered(Exchange exchange, TimeSpan wait, ApiError? error)
    {
        var model = new KeyValuePair<string, object?>(TelemetryNames.Attributes.Model, exchange.Model?.Model.Name);
        if (error is null)
        {
            _wait.Record(wait.TotalSeconds, model);
        }
        else
        {
            _refused.Add(1, model, new KeyValuePair<string, object?>(TelemetryNames.Attributes.ErrorType, error.Cause.ToString()));
        }
    }

    private static IEnumerable<Measurement<int>> Measure(RouterStates states, Func<ModelQueue, int> value) => states.Routes
        .Where(static r => r.State.Queue.IsLimited)
        .Select(r => new Measurement<int>(
            value(r.State.Queue), new KeyValuePair<string, object?>(TelemetryNames.Attributes.Model, r.Model.Name)));
}
