namespace AiRouter.Benchmarks.Bulkhead;

/// <summary>What a bulkhead measurement is like.</summary>
internal sealed record BulkheadSettings
{
    /// <summary>Rounds without and with hung requests, one after the other.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long each of them takes.</summary>
    public required TimeSpan Round { get; init; }

    /// <summary>Requests a second to the backend that is well.</summary>
    public required double Rate { get; init; }

    /// <summary>Requests that hang at the other.</summary>
    public required int Hung { get; init; }
}

/// <summary>What was measured.</summary>
internal sealed record BulkheadFigures
{
    /// <summary>p99 of the rounds without hung requests, in milliseconds.</summary>
    public required IReadOnlyList<double> Baseline { get; init; }

    /// <summary>p99 of the rounds with them.</summary>
    public required IReadOnlyList<double> Loaded { get; init; }

    /// <summary>By how much the router's resident set grew in each round, from before the hung requests to its end.</summary>
    public required IReadOnlyList<double> GrowthMiB { get; init; }

    /// <summary>Answers of the backend that is well that were not right.</summary>
    public required int Wrong { get; init; }

    /// <summary>The median of <see cref="Baseline"/>.</summary>
    public double BaselineMedian => Median(Baseline);

    /// <summary>The median of <see cref="Loaded"/>.</summary>
    public double LoadedMedian => Median(Loaded);

    /// <summary>How many times the baseline it is.</summary>
    public double Factor => LoadedMedian / BaselineMedian;

    private static double Median(IReadOnlyList<double> numbers) => numbers.Order().ElementAt(numbers.Count / 2);
}
