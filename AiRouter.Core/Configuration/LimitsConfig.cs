using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Configuration;

/// <summary>How much may be used at a time, of whatever it stands at: a key, a model, a key's use of a model, or everything.</summary>
public record LimitsConfig
{
    /// <summary>Requests in any 60 seconds, 1 to 10000000.</summary>
    [Range(1, 10_000_000)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens in any 60 seconds, input and output together, 1 to 1000000000000 (R45).</summary>
    [Range(1L, 1_000_000_000_000L)]
    public long? TokensPerMinute { get; init; }

    /// <summary>Requests at the same time, 1 to 1000000; each choice of <c>n</c> is one (R13).</summary>
    [Range(1, 1_000_000)]
    public int? Concurrent { get; init; }
}

/// <summary>The limits that hold for everything together, and what all limits have in common.</summary>
public sealed record GlobalLimitsConfig : LimitsConfig
{
    /// <summary>Money for everything together.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What happens to limits while the store is away.</summary>
    public StoreFailureMode OnStoreFailure { get; init; } = StoreFailureMode.Local;

    /// <summary>Tokens that an image counts in advance, 1 to 1000000 (R32).</summary>
    [Range(1, 1_000_000)]
    public int ImageTokens { get; init; } = 2000;

    /// <summary>Tokens that a piece of audio counts in advance, 1 to 1000000 (R32).</summary>
    [Range(1, 1_000_000)]
    public int AudioTokens { get; init; } = 4000;
}

/// <summary>Money for a period. Periods are UTC calendar days, weeks (from Monday) and months (R33).</summary>
public sealed record BudgetConfig
{
    /// <summary>One for a month.</summary>
    public BudgetConfig()
    {
    }

    // JSON of the store, which may have no period: a generated reader takes defaults of parameters, not of properties.
    [JsonConstructor]
    internal BudgetConfig(BudgetPeriod per = BudgetPeriod.Month) => Per = per;

    /// <summary>US dollars, above 0 to 1000000.</summary>
    [Range(0.000001, 1_000_000.0)]
    public required decimal Usd { get; init; }

    /// <summary>For how long.</summary>
    public BudgetPeriod Per { get; init; } = BudgetPeriod.Month;
}

/// <summary>What a model costs, in US dollars.</summary>
public sealed record PriceConfig
{
    /// <summary>For a million input tokens, 0 to 1000000.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? Input { get; init; }

    /// <summary>For a million input tokens that came from the backend's cache, 0 to 1000000; absent: as <see cref="Input"/>.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? CachedInput { get; init; }

    /// <summary>For a million output tokens, reasoning included, 0 to 1000000.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? Output { get; init; }

    /// <summary>For a request, 0 to 1000000.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? PerRequest { get; init; }

    /// <summary>For a second that the backend worked on a request, 0 to 1000000.</summary>
    [Range(0.0, 1_000_000.0)]
    public decimal? PerGpuSecond { get; init; }
}

/// <summary>How long a budget is for.</summary>
public enum BudgetPeriod
{
    /// <summary>A UTC day.</summary>
    Day,

    /// <summary>A week, from Monday 00:00 UTC.</summary>
    Week,

    /// <summary>A UTC calendar month.</summary>
    Month,

    /// <summary>For ever.</summary>
    Total,
}

/// <summary>What happens to limits while the store is away.</summary>
public enum StoreFailureMode
{
    /// <summary>Each replica allows its share: the limit divided by the replicas last seen alive.</summary>
    Local,

    /// <summary>Nothing is limited.</summary>
    Open,

    /// <summary>Requests that have limits are refused.</summary>
    Closed,
}
