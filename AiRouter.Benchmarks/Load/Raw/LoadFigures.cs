namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>What a load client counted. Times are in microseconds; those of what did not happen are
/// null.</summary>
internal sealed record LoadFigures
{
    /// <summary>Answers that were as they must be.</summary>
    public required long Answers { get; init; }

    /// <summary>Events of all streams, of those too that were not at their end.</summary>
    public required long Events { get; init; }

    /// <summary>Answers that were wrong: another status, cut, other events.</summary>
    public required long Errors { get; init; }

    /// <summary>The first of them.</summary>
    public string? FirstError { get; init; }

    /// <summary>How long was counted.</summary>
    public required double Seconds { get; init; }

    /// <summary>The processor time of the processes that were measured.</summary>
    public required double CpuMicroseconds { get; init; }

    /// <summary>The processor time of the load client itself.</summary>
    public required double OwnCpuMicroseconds { get; init; }

    /// <summary>Their resident set at the end, in bytes.</summary>
    public required long Resident { get; init; }

    /// <summary>The greatest that it was.</summary>
    public required long PeakResident { get; init; }

    /// <summary>From when a request was sent, or had to be, to the end of its answer.</summary>
    public required Percentiles Latency { get; init; }

    /// <summary>The same, to the first event of its stream.</summary>
    public required Percentiles FirstEvent { get; init; }

    /// <summary>From when the upstream wrote a chunk to when it was read.</summary>
    public required Percentiles ChunkDelay { get; init; }
}

/// <summary>Times in microseconds; null: there are none.</summary>
/// <param name="P50">What half of all are not above.</param>
/// <param name="P99">What 99 % are not above.</param>
/// <param name="Calm99">The same of each tenth of a second, the median of those (<see cref="SlicedLatency"/>).</param>
/// <param name="Max">The greatest.</param>
internal sealed record Percentiles(double? P50, double? P99, double? Calm99, double? Max);
