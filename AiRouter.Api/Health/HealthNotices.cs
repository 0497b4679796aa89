using System.Diagnostics.Metrics;
using AiRouter.Api.Health.Probes;
using AiRouter.Api.Routing;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Health;

/// <summary>Tells operators when a target or a backend goes out and comes back: one line each, and counters. No upstream text (R39).</summary>
internal sealed partial class HealthNotices
{
    private readonly ILogger<HealthNotices> _logger;
    private readonly Counter<long> _opened;
    private readonly Counter<long> _rests;
    private readonly Counter<long> _probes;

    /// <summary>Creates the instruments.</summary>
    public HealthNotices(IMeterFactory meters, ILogger<HealthNotices> logger)
    {
        _logger = logger;
        var meter = meters.Create(TelemetryNames.Source);
        _opened = meter.CreateCounter<long>(
            TelemetryNames.BreakerOpened, "{opening}", "How often targets were left alone because their requests failed.");
        _rests = meter.CreateCounter<long>(
            TelemetryNames.TargetCoolDowns, "{cool-down}", "How often targets were left alone because they answered 429.");
        _probes = meter.CreateCounter<long>(TelemetryNames.Probes, "{probe}", "Probes of backends, by what they found.");
    }

    /// <summary>A target's health has changed.</summary>
    public void Changed(string model, string backend, HealthChange change)
    {
        var name = ModelRouter.Visible(model);
        var tags = (Model: KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.Model, model),
            Backend: KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.Backend, backend));
        switch (change.Kind)
        {
            case HealthChangeKind.Recovered:
                LogBack(backend, name, change.For.TotalSeconds);
                return;
            case HealthChangeKind.Rests:
                _rests.Add(1, tags.Model, tags.Backend);
                LogRests(backend, name, change.For.TotalSeconds);
                return;
            case HealthChangeKind.FailedInARow:
                LogOut(backend, name, change.For.TotalSeconds, "too many of its requests in a row failed");
                break;
            case HealthChangeKind.FailedTooOften:
                LogOut(backend, name, change.For.TotalSeconds, "too large a share of its requests failed");
                break;
            case HealthChangeKind.FailedOnReturn:
                LogOut(backend, name, change.For.TotalSeconds, "it had seemed well again, and failed");
                break;
        }

        _opened.Add(1, tags.Model, tags.Backend, KeyValuePair.Create<string, object?>(
            TelemetryNames.Attributes.Reason, change.Kind.ToString()));
    }

    /// <summary>A probe has ended.</summary>
    public void Probed(string backend, ProbeFinding finding) => _probes.Add(
        1,
        KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.Backend, backend),
        KeyValuePair.Create<string, object?>(TelemetryNames.Attributes.ProbeFinding, finding.ToString()));

    /// <summary>What a probe has changed.</summary>
    public void Changed(BackendModel backend, ProbeFinding finding, ProbeChange change)
    {
        if (change.WentOut)
        {
            LogBackendOut(backend.Name, backend.Config.Probe.Failures, finding);
        }

        if (change.CameBack)
        {
            LogBackendBack(backend.Name);
        }

        foreach (var model in change.Unready)
        {
            LogModelOut(backend.Name, ModelRouter.Visible(model));
        }

        foreach (var model in change.Ready)
        {
            LogModelBack(backend.Name, ModelRouter.Visible(model));
        }
    }

    /// <summary>A probe ended with an exception that nobody expected.</summary>
    public void ProbeBroke(string backend, Exception failure) => LogProbeBroke(backend, failure);

    [LoggerMessage(2201, LogLevel.Warning, "The target {Backend} of model {Model} is left alone for {Seconds:F1} s at first: {Why}")]
    private partial void LogOut(string backend, string model, double seconds, string why);

    [LoggerMessage(2202, LogLevel.Information, "The target {Backend} of model {Model} answers again after {Seconds:F1} s")]
    private partial void LogBack(string backend, string model, double seconds);

    [LoggerMessage(
        2203, LogLevel.Information, "The target {Backend} of model {Model} is left alone for {Seconds:F1} s: it has too much to do (429)")]
    private partial void LogRests(string backend, string model, double seconds);

    [LoggerMessage(
        2211, LogLevel.Warning,
        "The backend {Backend} has failed {Failures} probes in a row ({Finding}): its targets are left alone until a probe succeeds")]
    private partial void LogBackendOut(string backend, int failures, ProbeFinding finding);

    [LoggerMessage(2212, LogLevel.Information, "The backend {Backend} answers probes again: its targets are tried by the next requests")]
    private partial void LogBackendBack(string backend);

    [LoggerMessage(2213, LogLevel.Warning, "The backend {Backend} says that its model {Model} is not ready: it is left alone until it is")]
    private partial void LogModelOut(string backend, string model);

    [LoggerMessage(2214, LogLevel.Information, "The backend {Backend} says that its model {Model} is ready again")]
    private partial void LogModelBack(string backend, string model);

    [LoggerMessage(2215, LogLevel.Error, "A probe of the backend {Backend} failed because of a mistake in the router")]
    private partial void LogProbeBroke(string backend, Exception failure);
}
