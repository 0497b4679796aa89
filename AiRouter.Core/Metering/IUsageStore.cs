namespace AiRouter.Core.Metering;

/// <summary>Reads what was used, from the store.</summary>
/// <remarks>Every method throws <see cref="Stores.StoreUnavailableException"/> when the store is away.</remarks>
public interface IUsageStore
{
    /// <summary>
    /// Usage of a range of time, grouped; sorted by time, then by key, model and backend. Whole days come from what is kept by day,
    /// the rest from what is kept by hour: hours that are kept no more are missing from days that a range cuts. Minutes are kept for
    /// three hours, and answer only who asks for them.
    /// </summary>
    ValueTask<IReadOnlyList<UsageRow>> QueryAsync(UsageQuery query, CancellationToken cancellationToken);

    /// <summary>The request log, newest first; empty where it is off (some days after it was switched off).</summary>
    ValueTask<IReadOnlyList<LoggedRequest>> RequestsAsync(int count, CancellationToken cancellationToken) =>
        RequestsAsync(0, count, cancellationToken);

    /// <summary>The request log from the one behind the <paramref name="skip"/> newest on. Requests that come meanwhile move it on.</summary>
    ValueTask<IReadOnlyList<LoggedRequest>> RequestsAsync(int skip, int count, CancellationToken cancellationToken);

    /// <summary>The kept bodies of a request; null: none, or gone. Reading them is audited by the caller (R39).</summary>
    ValueTask<LoggedBodies?> BodiesAsync(string logId, CancellationToken cancellationToken);
}

/// <summary>What is asked.</summary>
/// <param name="From">UTC, rounded down to the step, or to the hour without one.</param>
/// <param name="To">UTC, not included, rounded up to the hour, or to the minute where that is the step.</param>
/// <param name="Step">Minutes, hours or days; null: the whole range in one row a group.</param>
/// <param name="GroupBy">What rows are told apart by; empty: all in one.</param>
public sealed record UsageQuery(DateTimeOffset From, DateTimeOffset To, UsageStep? Step, IReadOnlyList<UsageDimension> GroupBy)
{
    /// <summary>One key's only.</summary>
    public string? KeyId { get; init; }

    /// <summary>One model's only.</summary>
    public string? Model { get; init; }

    /// <summary>One backend's only.</summary>
    public string? Backend { get; init; }
}

/// <summary>The length of a row's time.</summary>
public enum UsageStep
{
    /// <summary>A minute.</summary>
    Minute,

    /// <summary>A UTC hour.</summary>
    Hour,

    /// <summary>A UTC day.</summary>
    Day,
}

/// <summary>What rows may be told apart by.</summary>
public enum UsageDimension
{
    /// <summary>The client key.</summary>
    Key,

    /// <summary>The public model.</summary>
    Model,

    /// <summary>The backend.</summary>
    Backend,
}

/// <summary>Usage of one group in one step of time.</summary>
public sealed record UsageRow
{
    /// <summary>No key's, model's or backend's own name: those of many.</summary>
    public const string Other = "(other)";

    /// <summary>When the step begins; null: the whole range.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>
    /// The key's id, where grouped by it; null: anonymous. <see cref="Other"/> in all three stands for what came when a minute, an hour
    /// or a day had too many combinations already.
    /// </summary>
    public string? KeyId { get; init; }

    /// <summary>The key's last known name.</summary>
    public string? KeyName { get; init; }

    /// <summary>The model, where grouped by it.</summary>
    public string? Model { get; init; }

    /// <summary>The backend, where grouped by it.</summary>
    public string? Backend { get; init; }

    /// <summary>Requests by outcome: all of <see cref="UsageOutcomes.All"/>.</summary>
    public required IReadOnlyDictionary<string, long> Requests { get; init; }

    /// <summary>Input tokens, cached ones included.</summary>
    public long InputTokens { get; init; }

    /// <summary>Cached input tokens.</summary>
    public long CachedTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; init; }

    /// <summary>Requests whose tokens are an estimate.</summary>
    public long EstimatedRequests { get; init; }

    /// <summary>Billionths of a US dollar.</summary>
    public long NanoUsd { get; init; }

    /// <summary>Times to the first token.</summary>
    public required UsageHistogram TimeToFirstToken { get; init; }

    /// <summary>Times of whole answers.</summary>
    public required UsageHistogram Duration { get; init; }
}

/// <summary>An entry of the request log.</summary>
/// <param name="Id">Its id in the log.</param>
/// <param name="Replica">The replica that served it.</param>
/// <param name="Request">What is known of it.</param>
/// <param name="HasBodies">Whether its bodies were kept.</param>
public sealed record LoggedRequest(string Id, string Replica, UsageRecord Request, bool HasBodies);

/// <summary>What was said.</summary>
/// <param name="Request">The request's body, cut and redacted.</param>
/// <param name="Response">The answer's.</param>
/// <param name="IsCut">Whether something was left out for its size.</param>
public sealed record LoggedBodies(string Request, string Response, bool IsCut);
