using System.Diagnostics;
using System.Diagnostics.Metrics;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Limits;

namespace AiRouter.Api.Admission;

/// <summary>The instruments of limits.</summary>
internal sealed class LimitMetrics
{
    // Boxed once: two are measured for each request.
    private static readonly object _true = true;
    private static readonly object _false = false;

    private readonly TimeProvider _time;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _unshared;
    private readonly Histogram<double> _duration;
    private long _dropped;

    /// <summary>Creates them on the router's meter.</summary>
    public LimitMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(TelemetryNames.Source);
        _refused = meter.CreateCounter<long>(TelemetryNames.LimitRefusals, "{request}", "Requests refused for a limit, by kind.");
        meter.CreateObservableCounter(
            TelemetryNames.SettlementsDropped,
            () => Interlocked.Read(ref _dropped),
            "{settlement}",
            "Settlements that were given up: the store was away too long.");
        _unshared = meter.CreateCounter<long>(
            TelemetryNames.UnsharedAdmissions, "{request}", "Requests decided without the store, because it was away.");
        _duration = meter.CreateHistogram(
            TelemetryNames.LedgerDuration, "s", "Time that the ledger took, by what it was asked.",
            advice: Buckets.StoreCalls);
        meter.CreateObservableGauge(
            TelemetryNames.SettlementsWaiting, () => Waiting(), "{settlement}", "Settlements that wait for the store.");
    }

    /// <summary>Counts what waits.</summary>
    public Func<int> Waiting { get; set; } = static () => 0;

    /// <summary>Starts the clock of a call.</summary>
    public long Begin() => _time.GetTimestamp();

    /// <summary>A call has ended.</summary>
    public void End(long started, string call, bool worked) => _duration.Record(
        _time.GetElapsedTime(started).TotalSeconds,
        new(TelemetryNames.Attributes.LedgerCall, call),
        new(TelemetryNames.Attributes.LedgerWorked, worked ? _true : _false));

    /// <summary>A request was refused.</summary>
    public void Refused(LimitKind kind, LimitScope scope) => _refused.Add(1, new TagList
    {
        { TelemetryNames.Attributes.LimitKind, kind.ToString() },
        { TelemetryNames.Attributes.LimitScope, scope.ToString() },
    });

    /// <summary>A request was decided without the store.</summary>
    public void Unshared(string how) => _unshared.Add(1, new TagList { { TelemetryNames.Attributes.LedgerMode, how } });

    /// <summary>A settlement was given up.</summary>
    public void Dropped(int count) => Interlocked.Add(ref _dropped, count);
}
