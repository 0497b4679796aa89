namespace AiRouter.Benchmarks.Soak;

/// <summary>What a soak run is like.</summary>
internal sealed record SoakSettings
{
    /// <summary>How long load and faults go on.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Requests a second.</summary>
    public double Rate { get; init; } = 100;

    /// <summary>Of traffic and faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>One of so many answers of the upstreams is wrong on purpose, to see that the run finds it; 0: none.</summary>
    public int WrongOneOf { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }

    /// <summary>Between two looks at memory: each 5 s, oftener in a short run.</summary>
    public TimeSpan SampleInterval => TimeSpan.FromSeconds(Math.Clamp(Duration.TotalSeconds / 30, 0.5, 5));

    /// <summary>Whether it is long enough to say something about memory: before, the process still warms up.</summary>
    public bool JudgesMemory => Duration >= TimeSpan.FromMinutes(5);

    /// <summary>Whether idle connections are waited for: they close after 50 s.</summary>
    public bool JudgesConnections => Duration >= TimeSpan.FromMinutes(1);
}
