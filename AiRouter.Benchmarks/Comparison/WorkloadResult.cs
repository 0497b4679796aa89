using AiRouter.Benchmarks.Peers;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>What a workload showed.</summary>
internal sealed record WorkloadResult
{
    /// <summary>The workload's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required string Title { get; init; }

    /// <summary>What is counted: <c>request</c>, <c>chunk</c>, <c>token</c>.</summary>
    public required string Unit { get; init; }

    /// <summary>Where limits were kept: <c>memory</c> or <c>redis</c>.</summary>
    public string Limits { get; init; } = "memory";

    /// <summary>What was measured of each peer.</summary>
    public required IReadOnlyList<PeerResult> Peers { get; init; }

    /// <summary>What could not be measured, and why.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>A peer's figures of a metric, round by round; those of <see cref="Metric.Ratio"/> are made
    /// here.</summary>
    public IEnumerable<double> Figures(PeerResult peer, Metric metric)
    {
        if (metric != Metric.Ratio)
        {
            return peer.Rounds.Where(r => r.ContainsKey(metric.Name)).Select(r => r[metric.Name]);
        }

        var nginx = Peers.FirstOrDefault(static p => p.Name == Peer.Nginx);
        return nginx is null || nginx == peer
            ? []
            : Figures(peer, Metric.Cpu).Zip(Figures(nginx, Metric.Cpu), static (own, theirs) => own / theirs);
    }

    /// <summary>The same, as median and spread; null: not measured.</summary>
    public Statistics? Of(PeerResult peer, Metric metric) => Statistics.Of(Figures(peer, metric));
}

/// <summary>What was measured of a peer.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsRouter">Whether it is a build of the router.</param>
/// <param name="Rounds">The figures of each round, by <see cref="Metric.Name"/>.</param>
internal sealed record PeerResult(string Name, bool IsRouter, IReadOnlyList<IReadOnlyDictionary<string, double>> Rounds);
