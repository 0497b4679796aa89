using System.Text.Json;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>All that a run showed, as it is written to a file and committed.</summary>
internal sealed record BenchReport
{
    private static readonly JsonSerializerOptions _json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What was measured on.</summary>
    public required Machine Machine { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset When { get; init; }

    /// <summary>How often.</summary>
    public required int Rounds { get; init; }

    /// <summary>What was found.</summary>
    public required IReadOnlyList<WorkloadResult> Workloads { get; init; }

    /// <summary>Each bar that was measured, for each build of the router.</summary>
    public IEnumerable<BarResult> JudgeBars() =>
        from bar in Bar.All
        from workload in Workloads
        from peer in workload.Peers
        let result = bar.Judge(workload, peer)
        where result is not null
        select result;

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, _json) + "\n";

    /// <summary>Reads it again.</summary>
    public static BenchReport Parse(string json) => JsonSerializer.Deserialize<BenchReport>(json, _json)!;
}
