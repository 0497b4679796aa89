namespace AiRouter.Core.Metering;

/// <summary>What is known of one request at its end.</summary>
public sealed record UsageRecord
{
    /// <summary>When it ended, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The client's request id.</summary>
    public required string RequestId { get; init; }

    /// <summary>The key's id; null: anonymous.</summary>
    public string? KeyId { get; init; }

    /// <summary>The key's name then.</summary>
    public string? KeyName { get; init; }

    /// <summary>The admin who asked from the playground, as that key or as none; null: a client asked.</summary>
    public string? Admin { get; init; }

    /// <summary>The public model or pattern of the configuration; null: none was found.</summary>
    public string? Model { get; init; }

    /// <summary>The backend that answered or failed; null: none was asked.</summary>
    public string? Backend { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>HTTP status that the client got.</summary>
    public required int Status { get; init; }

    /// <summary>The cause of a failure; null: it went well.</summary>
    public string? Error { get; init; }

    /// <summary>Input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Those of them that came from the backend's cache.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Whether a figure is an estimate.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Billionths of a US dollar.</summary>
    public long NanoUsd { get; init; }

    /// <summary>From request to first data event; null: no stream.</summary>
    public TimeSpan? TimeToFirstToken { get; init; }

    /// <summary>From request to the end of the answer.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>How long it waited for a place at its model; null: not at all.</summary>
    public TimeSpan? QueueTime { get; init; }

    /// <summary>How long backends worked on it, attempts that failed included; null: none was asked.</summary>
    public TimeSpan? BackendTime { get; init; }

    /// <summary>Attempts at backends.</summary>
    public int Attempts { get; init; }
}
