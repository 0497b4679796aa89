using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>What is remembered of requests, in the store; without a store nothing is.</summary>
public sealed record MeteringConfig
{
    /// <summary>Days that usage by hour is kept, 1 to 366.</summary>
    [Range(1, 366)]
    public int HoursKeptDays { get; init; } = 30;

    /// <summary>Days that usage by day is kept, 1 to 3660.</summary>
    [Range(1, 3660)]
    public int DaysKeptDays { get; init; } = 400;

    /// <summary>The log of single requests.</summary>
    public RequestLogConfig RequestLog { get; init; } = new();
}

/// <summary>The log of single requests: who asked what when, and how it ended; bodies only for keys that say so.</summary>
public sealed record RequestLogConfig
{
    /// <summary>Whether it is kept.</summary>
    public bool Enabled { get; init; }

    /// <summary>How many requests, the newest, 1 to 100000.</summary>
    [Range(1, 100_000)]
    public int Keep { get; init; } = 1000;

    /// <summary>The most of a body that is kept, in KiB, 1 to 1024.</summary>
    [Range(1, 1024)]
    public int MaxBodyKiB { get; init; } = 16;

    /// <summary>Hours after which a kept body is gone, 0.1 to 720.</summary>
    [Range(0.1, 720)]
    public double BodiesKeptHours { get; init; } = 24;
}
