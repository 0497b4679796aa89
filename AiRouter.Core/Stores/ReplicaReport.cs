using AiRouter.Core.Configuration;

namespace AiRouter.Core.Stores;

/// <summary>What a process of AiRouter says about itself every second (R34).</summary>
public sealed record ReplicaReport
{
    /// <summary>Unique to the run of the process.</summary>
    public required string Id { get; init; }

    /// <summary><c>api</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The machine (in Kubernetes: the pod).</summary>
    public required string Host { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it last said so, by the store's clock.</summary>
    public DateTimeOffset Seen { get; init; }

    /// <summary>The stored version of the configuration that it serves; null: not the store's (a file of its own, or none).</summary>
    public long? ConfigurationVersion { get; init; }

    /// <summary>The content hash of what it serves, environment overrides included.</summary>
    public string? ConfigurationHash { get; init; }

    /// <summary>What it refused of the newest configuration.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>What its environment lays over the configuration (R35).</summary>
    public IReadOnlyList<ConfigurationLock> Locks { get; init; } = [];

    /// <summary>The version of the keys that it knows.</summary>
    public long KeysVersion { get; init; }

    /// <summary>Requests under way.</summary>
    public int ActiveRequests { get; init; }

    /// <summary>What it knows of each target of each model, those that it leaves alone first; at most 500.</summary>
    public IReadOnlyList<TargetReport> Targets { get; init; } = [];

    /// <summary>Usage records that were dropped because the store was away too long.</summary>
    public long DroppedUsage { get; init; }

    /// <summary>Settlements that wait for the store.</summary>
    public int WaitingSettlements { get; init; }
}

/// <summary>Who is there.</summary>
public interface IReplicaDirectory
{
    /// <summary>Routers (not Admin) seen within the last 10 s when the store was last asked, this one included; at least 1.</summary>
    int LiveRouters { get; }

    /// <summary>The last report of every process that is alive.</summary>
    /// <exception cref="StoreUnavailableException">The store is away.</exception>
    ValueTask<IReadOnlyList<ReplicaReport>> ReadAsync(CancellationToken cancellationToken);
}
