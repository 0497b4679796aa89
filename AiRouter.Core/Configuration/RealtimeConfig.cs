using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>The most that a realtime session may come to. Its client is told what has ended it.</summary>
public sealed record RealtimeConfig
{
    /// <summary>Seconds that a session may last, 1 to 86400; the backend's <see cref="TimeoutsConfig.Total"/> may be shorter.</summary>
    [Range(1.0, 86400.0)]
    public double MaxSeconds { get; init; } = 3600;

    /// <summary>Seconds without an event of either side after which a session ends, 1 to 86400.</summary>
    [Range(1.0, 86400.0)]
    public double IdleSeconds { get; init; } = 600;

    /// <summary>What both sides together may send in a session, in MiB, 1 to 1048576.</summary>
    [Range(1, 1_048_576)]
    public int MaxMiB { get; init; } = 1024;
}
