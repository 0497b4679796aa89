namespace AiRouter.Admin.Management.Usage;

/// <summary>How far back a picture of usage goes.</summary>
public enum UsageRange
{
    /// <summary>60 minutes.</summary>
    Hour,

    /// <summary>24 hours.</summary>
    Day,

    /// <summary>Seven days, in steps of six hours.</summary>
    Week,

    /// <summary>30 days.</summary>
    Month,
}

/// <summary>Whose usage; null: everybody's.</summary>
/// <param name="KeyId">One key's.</param>
/// <param name="Model">One model's.</param>
/// <param name="Backend">One backend's.</param>
public sealed record UsageFilter(string? KeyId, string? Model, string? Backend);

/// <summary>Usage as it went.</summary>
/// <param name="Range">How far back.</param>
/// <param name="Step">What lies between two points.</param>
/// <param name="Points">Every step, the oldest first; the last one is not over yet.</param>
public sealed record UsageSeries(UsageRange Range, TimeSpan Step, IReadOnlyList<UsagePoint> Points);

/// <summary>Usage of one step.</summary>
public sealed record UsagePoint
{
    /// <summary>When it begins, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Requests that went well.</summary>
    public long Ok { get; init; }

    /// <summary>Requests that were refused for what the client sent.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Requests that were refused for a limit or a budget.</summary>
    public long Limited { get; init; }

    /// <summary>Requests that a backend or the router failed.</summary>
    public long BackendErrors { get; init; }

    /// <summary>Requests whose client went away.</summary>
    public long Cancelled { get; init; }

    /// <summary>All requests.</summary>
    public long Requests => Ok + ClientErrors + Limited + BackendErrors + Cancelled;

    /// <summary>Input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>US dollars.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Half of the streams had their first token within this time; null: there was none.</summary>
    public double? FirstTokenP50Seconds { get; init; }

    /// <summary>95 % of the streams had their first token within this time; null: there was none.</summary>
    public double? FirstTokenP95Seconds { get; init; }
}
