using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace AiRouter.Core.Configuration;

/// <summary>How a target is chosen among the usable ones of the best priority group.</summary>
public enum TargetPolicy
{
    /// <summary>By chance, in proportion to the weights.</summary>
    Weighted,

    /// <summary>One after the other, each as often as its weight says.</summary>
    [JsonStringEnumMemberName("round-robin")]
    RoundRobin,

    /// <summary>Of two by chance, the one with less to do for its weight.</summary>
    [JsonStringEnumMemberName("least-busy")]
    LeastBusy,

    /// <summary>Of two by chance, the one whose answers begin sooner.</summary>
    Latency,

    /// <summary>Requests of one conversation, user or session to the same target, unless it has far more to do than others.</summary>
    Sticky,

    /// <summary>The target that served the same beginning of a prompt last, unless it is busier than the others.</summary>
    Prefix,
}

/// <summary>What requests have in common that go to the same target; always within one client key.</summary>
public sealed record StickyConfig
{
    /// <summary>What names the session.</summary>
    public StickyBy By { get; init; } = StickyBy.User;

    /// <summary>The request header, with <c>by: header</c> only.</summary>
    [RegularExpression("[A-Za-z0-9-]+", ErrorMessage = "must be the name of a header")]
    public string? Header { get; init; }

    /// <summary>No target gets more than this times its share of what is under way, 1.05 to 100.</summary>
    [Range(1.05, 100.0)]
    public double LoadFactor { get; init; } = 1.25;
}

/// <summary>What names a session.</summary>
public enum StickyBy
{
    /// <summary>The request's <c>user</c>, or <c>safety_identifier</c>.</summary>
    User,

    /// <summary>The request's <c>prompt_cache_key</c>.</summary>
    PromptCacheKey,

    /// <summary>A request header.</summary>
    Header,
}

/// <summary>How beginnings of prompts are remembered: as keyed hashes in memory, within one client key (R38).</summary>
public sealed record PrefixConfig
{
    /// <summary>The remembered target is passed over when it has this many times the others' load, 1.1 to 100.</summary>
    [Range(1.1, 100.0)]
    public double BusyFactor { get; init; } = 2;

    /// <summary>Beginnings remembered, 100 to 10000000; the longest unused is forgotten.</summary>
    [Range(100, 10_000_000)]
    public int Entries { get; init; } = 50_000;
}

/// <summary>When and how often another target is tried, before the first byte (R26).</summary>
public sealed record RetryConfig
{
    /// <summary>Attempts altogether, 1 to 10; 1: no other target is tried.</summary>
    [Range(1, 10)]
    public int Attempts { get; init; } = 3;

    /// <summary>Retries as a share of the requests of the last 10 seconds, 0 to 10.</summary>
    [Range(0.0, 10.0)]
    public double Budget { get; init; } = 0.2;

    /// <summary>Retries a second that are allowed beside the budget, so that few requests have some too; 0 to 1000.</summary>
    [Range(0, 1000)]
    public int MinPerSecond { get; init; } = 10;

    /// <summary>Also after a timeout, once the attempt that timed out has been cancelled (R26).</summary>
    public bool OnTimeout { get; init; }

    /// <summary>Seconds before the first retry of the same target, 0 to 60; doubled each time, and spread by chance.</summary>
    [Range(0.0, 60.0)]
    public double Backoff { get; init; } = 0.1;

    /// <summary>Seconds after the request in which a retry may begin, 0.1 to 3600; a client's own timeout counts too.</summary>
    [Range(0.1, 3600.0)]
    public double Within { get; init; } = 60;
}

/// <summary>Another model that answers when one cannot (R23).</summary>
public sealed record FallbackConfig
{
    /// <summary>Its public name: one of the configuration, or one that a pattern there fits; each model once.</summary>
    public required string Model { get; init; }

    /// <summary>When it answers.</summary>
    public IReadOnlyList<FallbackReason> On { get; init; } = [FallbackReason.Failure];

    /// <summary>
    /// Also from own backends to somebody else's service (<see cref="BackendConfig.External"/>); without it such targets are left
    /// out, and <c>check</c> warns.
    /// </summary>
    public bool AllowExternal { get; init; }
}

/// <summary>When another model answers.</summary>
public enum FallbackReason
{
    /// <summary>No target can answer, or all that were tried failed.</summary>
    Failure,

    /// <summary>The prompt is too long for the model.</summary>
    ContextLength,
}

/// <summary>Requests at a time in each replica, and who waits (R37).</summary>
public sealed record QueueConfig
{
    /// <summary>Requests at a time; each choice of <c>n</c> is one. 1 to 1000000.</summary>
    [Range(1, 1_000_000)]
    public int ConcurrentPerReplica { get; init; } = 64;

    /// <summary>Requests that may wait, 0 to 100000; more get 429.</summary>
    [Range(0, 100_000)]
    public int WaitingPerReplica { get; init; } = 100;

    /// <summary>Seconds that one may wait, 0.1 to 3600; then 503.</summary>
    [Range(0.1, 3600.0)]
    public double MaxWait { get; init; } = 30;
}
