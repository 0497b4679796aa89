using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Telemetry;

/// <summary>What backends did with what they were asked: one measurement for each attempt, so that its count is the number of them.</summary>
internal sealed class AttemptMetrics
{
    // Found by comparing hosts: once for each backend of a configuration.
    private static readonly ConditionalWeakTable<BackendConfig, string> _providers = [];

    private readonly Histogram<double> _duration;

    /// <summary>Creates the instrument on the router's meter.</summary>
    public AttemptMetrics(IMeterFactory meters) => _duration = meters.Create(TelemetryNames.Source).CreateHistogram(
        TelemetryNames.AttemptDuration, "s", "Time of attempts at backends, to the end of their answers.", advice: Buckets.Durations);

    /// <summary>An attempt has ended. One that the router refused itself, before the backend was asked, is none.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="backend">Who was asked.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="isOver">False: an exception ended it.</param>
    /// <param name="error">Why it failed; null: it did not, or an exception took the place of the reason.</param>
    public void Ended(Exchange exchange, BackendModel backend, TimeSpan duration, bool isOver, ApiError? error)
    {
        if (error is { Stage: AttemptStage.None, Cause: not ErrorCause.ClientGone })
        {
            return;
        }

        var tags = new TagList
        {
            { TelemetryNames.Attributes.Operation, GenAiNames.OperationOf(exchange.Operation.Name) },
            { TelemetryNames.Attributes.Provider, _providers.GetValue(backend.Config, GenAiNames.ProviderOf) },
            { TelemetryNames.Attributes.Backend, backend.Name },
        };
        if (exchange.Model is { } model)
        {
            tags.Add(TelemetryNames.Attributes.Model, model.Model.Name);
        }

        if ((error?.Cause ?? (isOver ? null : exchange.BrokenOff?.Cause ?? ErrorCause.Internal)) is { } cause)
        {
            tags.Add(TelemetryNames.Attributes.ErrorType, cause.ToString());
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
