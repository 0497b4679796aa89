using AiRouter.Api.Backends;
using AiRouter.Api.Routing.Targets;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Health;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Api.Health;

/// <summary>
/// What this replica knows of its targets, for those who look from outside: <c>/health/ready</c> (R30: it never decides about readiness)
/// and the report to the store (R34).
/// </summary>
internal sealed class TargetReports(RouterStates states, RequestRecorder requests) : IHealthSource, IReplicaReportSource
{
    // A report goes out every second.
    private const int MostTargets = 500;

    /// <summary>
    /// Figures, no names: every key holder may ask, and a key does not learn which models there are beside its own.
    /// </summary>
    public IEnumerable<HealthDetail> Details
    {
        get
        {
            var all = Read();
            var notUsable = all.Count(static t => !IsAsked(t.State));
            var without = all.GroupBy(static t => t.Model, StringComparer.Ordinal).Count(static m => !m.Any(static t => IsAsked(t.State)));
            yield return new HealthDetail(
                "targets", notUsable == 0, notUsable == 0 ? null : $"{notUsable} of {all.Count} are left alone");
            yield return new HealthDetail(
                "models", without == 0, without == 0 ? null : $"{without} have no usable target");
        }
    }

    /// <inheritdoc/>
    public ReplicaReport AddTo(ReplicaReport report) => report with
    {
        ActiveRequests = requests.Active,
        Targets = [.. Read().OrderBy(static t => IsAsked(t.State)).Take(MostTargets)],
    };

    /// <summary>All targets, by model.</summary>
    public IReadOnlyList<TargetReport> Read() => states.Current is { } state
        ? [.. state.Routes.Values.OrderBy(static r => r.Model.Name, StringComparer.Ordinal)
            .SelectMany(static route => route.Targets, static (route, target) => Of(route, target))]
        : [];

    private static bool IsAsked(TargetReportState state) => state is TargetReportState.Usable or TargetReportState.HalfOpen;

    private static TargetReport Of(ModelRoute route, RoutedTarget target)
    {
        var standing = target.State.Health.Standing;
        return new TargetReport
        {
            Model = route.Model.Name,
            Backend = target.Model.Backend.Name,
            BackendModel = target.Model.Config.Model,
            State = StateOf(standing, target.Backend),
            UsableIn = Math.Round(standing.UsableIn.TotalSeconds, 1),
            InFlight = target.State.Load.InFlight,
            Load = Math.Round(target.State.Load.Busy, 1),
            FirstTokenSeconds = target.State.Load.FirstData.Seconds is { } seconds ? Math.Round(seconds, 3) : null,
        };
    }

    private static TargetReportState StateOf(TargetStanding standing, BackendState backend) => standing switch
    {
        { Condition: TargetCondition.ProbesFail } => TargetReportState.ProbesFail,
        { Condition: TargetCondition.Open } => TargetReportState.Open,
        { Condition: TargetCondition.Trying } => TargetReportState.Trying,
        { Rest: TargetRest.Asked } => TargetReportState.CoolingDown,
        { Rest: TargetRest.Guessed } => TargetReportState.Busy,
        _ when !backend.HasRoom => TargetReportState.Full,
        { Condition: TargetCondition.HalfOpen } => TargetReportState.HalfOpen,
        _ => TargetReportState.Usable,
    };
}
