namespace AiRouter.Benchmarks.Comparison;

/// <summary>What a figure is to be at most.</summary>
/// <param name="Workload">The workload's name.</param>
/// <param name="Metric">Which figure.</param>
/// <param name="Most">The bar.</param>
/// <param name="Aim">What is aimed at; null: the bar.</param>
internal sealed record Bar(string Workload, Metric Metric, double Most, double? Aim = null)
{
    /// <summary>All of them. They hold for limits in memory.</summary>
    public static IReadOnlyList<Bar> All { get; } =
    [
        new("chat", Metric.Ratio, 2.5, 2),
        new("chat", Metric.HalfCalm, 1000),
        new("chat-64k", Metric.Ratio, 2.5, 2),
        new("chat-64k", Metric.HalfCalm, 1000),
        new("stream", Metric.Ratio, 2.5, 2),
        new("stream-paced", Metric.Ratio, 1.5, 1.2),
        new("stream-paced", Metric.HalfCalm, 1000),
        new("triton", Metric.Cpu, 5),
        new("triton-paced", Metric.HalfFirst, 1000),
        new("embeddings-1-float", Metric.HalfCalm, 1000),
        new("embeddings-1-base64", Metric.HalfCalm, 1000),
        new("embeddings-32-float", Metric.HalfCalm, 1000),
        new("embeddings-32-base64", Metric.HalfCalm, 1000),
        new("idle", Metric.PerStream, 40),
        new("idle", Metric.Resident, 150),
        new("start", Metric.Start, 1000),
        new("start", Metric.Resident, 90),
    ];

    /// <summary>How a router stands to it; null: it was not measured.</summary>
    public BarResult? Judge(WorkloadResult result, PeerResult router)
    {
        if (result.Name != Workload || result.Limits != "memory" || !router.IsRouter || result.Of(router, Metric) is not { } found)
        {
            return null;
        }

        return new BarResult(this, router.Name, found.Median, found.Median <= Most, found.Median <= (Aim ?? Most));
    }
}

/// <summary>How a router stands to a bar.</summary>
/// <param name="Bar">The bar.</param>
/// <param name="Router">Which build.</param>
/// <param name="Found">The median that was found.</param>
/// <param name="IsMet">Whether it is at most the bar.</param>
/// <param name="ReachesAim">Whether it is at most what is aimed at.</param>
internal sealed record BarResult(Bar Bar, string Router, double Found, bool IsMet, bool ReachesAim);
