namespace AiRouter.Api.Health;

/// <summary>Something that an operator is told about a target.</summary>
/// <param name="Kind">What.</param>
/// <param name="For">How long it is left alone, or how long it was.</param>
internal readonly record struct HealthChange(HealthChangeKind Kind, TimeSpan For);

/// <summary>What happened to a target.</summary>
internal enum HealthChangeKind
{
    /// <summary>Its breaker opened: so many requests in a row failed.</summary>
    FailedInARow,

    /// <summary>Its breaker opened: too large a share of its requests failed.</summary>
    FailedTooOften,

    /// <summary>The request that tried it failed, so it is left alone for longer.</summary>
    FailedAgain,

    /// <summary>The same, where the last that was told of it was that it answers again, or that its probes do.</summary>
    FailedOnReturn,

    /// <summary>It answers again.</summary>
    Recovered,

    /// <summary>It answered 429, and is left alone for a while.</summary>
    Rests,
}
