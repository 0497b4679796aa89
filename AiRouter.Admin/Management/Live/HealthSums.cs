using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Live;

/// <summary>What routers report of their targets, put together: each router judges for itself, and may see something else.</summary>
internal sealed class HealthSums
{
    // A router reports so many targets at most, those that it leaves alone first: what is missing then is well.
    private const int MostReported = 500;

    private readonly IReadOnlyList<Router> _routers;

    /// <summary>From the reports of all processes.</summary>
    public HealthSums(IEnumerable<ReplicaReport> reports) =>
        _routers = [.. reports.Where(static r => r.Role == "api").Select(static r => new Router(r))];

    /// <summary>The targets of a model, in the order of the configuration.</summary>
    public IReadOnlyList<LiveTarget> TargetsOf(string name, ModelConfig model) =>
        [.. model.Targets.Select(target => Sum(target.Backend, target.Model, _routers.SelectMany(r => r.Of(name, target))))];

    /// <summary>How a model is that has these targets.</summary>
    public static LiveHealth Of(IReadOnlyList<LiveTarget> targets)
    {
        var known = targets.Where(static t => t.Health != LiveHealth.Unknown).ToList();
        return known.Count == 0 ? LiveHealth.Unknown
            : known.TrueForAll(static t => t.Health == LiveHealth.Down) ? LiveHealth.Down
            : known.Exists(static t => t.Health != LiveHealth.Good) ? LiveHealth.Degraded
            : LiveHealth.Good;
    }

    /// <summary>The worst that is said of some targets.</summary>
    public static TargetReportState? WorstOf(IEnumerable<LiveTarget> targets) =>
        targets.Select(static t => t.State).OfType<TargetReportState>().OrderByDescending(Badness).Cast<TargetReportState?>().FirstOrDefault();

    private static LiveTarget Sum(string backend, string? backendModel, IEnumerable<TargetReport> reports)
    {
        var all = reports.ToList();
        var times = all.Select(static r => r.FirstTokenSeconds).OfType<double>().ToList();
        return new LiveTarget
        {
            Backend = backend,
            BackendModel = backendModel,
            Health = HealthOf(all),
            State = all.Select(static r => (TargetReportState?)r.State).MaxBy(static s => Badness(s!.Value)),
            Routers = all.Count,
            Asking = all.Count(static r => IsAsked(r.State)),
            UsableIn = all.Count == 0 ? 0 : all.Min(static r => r.UsableIn),
            InFlight = all.Sum(static r => r.InFlight),
            FirstTokenSeconds = times.Count == 0 ? null : times.Average(),
        };
    }

    private static LiveHealth HealthOf(List<TargetReport> reports) => reports switch
    {
        [] => LiveHealth.Unknown,
        _ when reports.TrueForAll(static r => r.State is TargetReportState.Usable) => LiveHealth.Good,
        _ when reports.TrueForAll(static r => IsBroken(r.State)) => LiveHealth.Down,
        _ => LiveHealth.Degraded,
    };

    private static bool IsAsked(TargetReportState state) =>
        state is TargetReportState.Usable or TargetReportState.HalfOpen or TargetReportState.Busy;

    private static bool IsBroken(TargetReportState state) =>
        state is TargetReportState.Open or TargetReportState.Trying or TargetReportState.ProbesFail;

    private static int Badness(TargetReportState state) => state switch
    {
        TargetReportState.Usable => 0,
        TargetReportState.HalfOpen => 1,
        TargetReportState.Busy => 2,
        TargetReportState.Full => 3,
        TargetReportState.CoolingDown => 4,
        TargetReportState.Trying => 5,
        TargetReportState.Open => 6,
        _ => 7,
    };

    private sealed class Router(ReplicaReport report)
    {
        private readonly ILookup<(string, string, string?), TargetReport> _targets =
            report.Targets.ToLookup(static t => (t.Model, t.Backend, t.BackendModel));

        private readonly bool _isComplete = report.Targets.Count < MostReported;

        // A model may have the same target twice, with other weights: the worse of them counts.
        public IEnumerable<TargetReport> Of(string model, TargetConfig target) =>
            _targets[(model, target.Backend, target.Model)].MaxBy(static t => Badness(t.State)) is { } found ? [found]
            : _isComplete ? []
            : [new TargetReport { Model = model, Backend = target.Backend, BackendModel = target.Model }];
    }
}
