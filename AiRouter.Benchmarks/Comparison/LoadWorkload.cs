namespace AiRouter.Benchmarks.Comparison;

/// <summary>What is asked again and again of all peers in turn.</summary>
internal sealed record LoadWorkload : IWorkload
{
    /// <inheritdoc/>
    public required string Name { get; init; }

    /// <inheritdoc/>
    public required string Title { get; init; }

    /// <summary>What is counted.</summary>
    public string Unit { get; init; } = "request";

    /// <summary>What is asked, in the words of <c>load --request</c>.</summary>
    public required string Request { get; init; }

    /// <summary>What is asked to warm up; null: the same.</summary>
    public string? WarmRequest { get; init; }

    /// <summary>Connections, each with one request at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Units of an answer; 0: its events are counted as they come.</summary>
    public int UnitsOfAnswer { get; init; } = 1;

    /// <summary>Chunks a second of each stream; 0: nothing is paced.</summary>
    public int Pace { get; init; }

    /// <summary>Whether latency at half load is measured; for what is not paced at half the requests a second that the
    /// peer can answer, else with as
    /// many streams as take half a core.</summary>
    public bool HasHalf { get; init; } = true;

    /// <summary>What latency at half load is measured with; null: the same request.</summary>
    public string? HalfRequest { get; init; }

    /// <summary>How many streams it is measured with; 0: as above.</summary>
    public int HalfStreams { get; init; }

    /// <summary>Whether the backend is a Triton: then nginx and Portkey are no peers, and the upstream itself is asked
    /// over gRPC.</summary>
    public bool IsTriton { get; init; }

    /// <summary>Whether Portkey's gateway can answer it.</summary>
    public bool SuitsPortkey { get; init; }

    /// <inheritdoc/>
    public bool DependsOnLimits => true;

    /// <inheritdoc/>
    public async Task<WorkloadResult> RunAsync(BenchSettings settings, string limits, CancellationToken cancellationToken)
    {
        await using var run = await LoadRun.StartAsync(this, settings, limits, cancellationToken);
        return await run.MeasureAsync(cancellationToken);
    }
}
