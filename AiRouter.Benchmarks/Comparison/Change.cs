namespace AiRouter.Benchmarks.Comparison;

/// <summary>A figure of now beside that of before: of the same workload, limits and metric.</summary>
/// <param name="Workload">The workload.</param>
/// <param name="Limits">Where limits were kept.</param>
/// <param name="Router">Which build.</param>
/// <param name="Metric">Which figure.</param>
/// <param name="Before">The median then, of the first build that was measured.</param>
/// <param name="Now">The median now.</param>
internal sealed record Change(string Workload, string Limits, string Router, Metric Metric, double Before, double Now)
{
    // What does not depend on how fast the machine was just then goes first.
    private static readonly Metric[] _compared =
        [Metric.Ratio, Metric.Cpu, Metric.HalfCalm, Metric.PerStream, Metric.Start, Metric.Resident, Metric.Peak];

    /// <summary>The change in percent.</summary>
    public double Percent => ((Now / Before) - 1) * 100;

    /// <summary>All figures of routers that both have.</summary>
    public static IEnumerable<Change> Between(BenchReport before, BenchReport now) =>
        from workload in now.Workloads
        let old = before.Workloads.FirstOrDefault(w => w.Name == workload.Name && w.Limits == workload.Limits)
        where old is not null
        from peer in workload.Peers
        where peer.IsRouter
        let oldPeer = old.Peers.FirstOrDefault(p => p.IsRouter && Step(p) == Step(peer))
        where oldPeer is not null
        from metric in _compared
        let then = old.Of(oldPeer, metric)
        let here = workload.Of(peer, metric)
        where then is not null && here is not null
        select new Change(workload.Name, workload.Limits, peer.Name, metric, then.Median, here.Median);

    // A build may be called otherwise now; what follows its name is the step of a workload with several.
    private static string Step(PeerResult peer) =>
        peer.Name.IndexOf(',', StringComparison.Ordinal) is >= 0 and var at ? peer.Name[at..] : "";
}
