namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>What <see cref="RawLoad"/> is to do.</summary>
internal sealed record LoadPlan
{
    /// <summary>The loopback port that is asked.</summary>
    public required int Port { get; init; }

    /// <summary>What is asked, one after the other and again.</summary>
    public required IReadOnlyList<RawRequest> Requests { get; init; }

    /// <summary>What each connection asks first; null: nothing else. Streams of different lengths, so that paced ones
    /// do not go in step.</summary>
    public IReadOnlyList<RawRequest>? First { get; init; }

    /// <summary>Connections, each with one request at a time.</summary>
    public required int Connections { get; init; }

    /// <summary>Requests a second, whatever the answers take; 0: each connection asks again when it has its
    /// answer.</summary>
    public double Rate { get; init; }

    /// <summary>How long it goes on before anything is counted.</summary>
    public required TimeSpan Ramp { get; init; }

    /// <summary>How long is counted.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Whether <see cref="Duration"/> begins when every connection has the first event of its stream, and
    /// nothing is asked again.</summary>
    public bool Holds { get; init; }

    /// <summary>Whether chunks have the time in them that they were sent at.</summary>
    public bool ReadsStamps { get; init; }

    /// <summary>The processes that are measured.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];
}
