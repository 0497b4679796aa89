namespace AiRouter.Admin.Management.Usage;

/// <summary>What was used in a range of time.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends, not included.</param>
/// <param name="Items">By time, then by group.</param>
internal sealed record UsageReport(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<UsageView> Items);

/// <summary>What one group used in one step of time.</summary>
internal sealed record UsageView
{
    /// <summary>When the step begins; absent: the whole range.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The key's id, where grouped by it.</summary>
    public string? Key { get; init; }

    /// <summary>The key's last known name.</summary>
    public string? KeyName { get; init; }

    /// <summary>The model, where grouped by it.</summary>
    public string? Model { get; init; }

    /// <summary>The backend, where grouped by it.</summary>
    public string? Backend { get; init; }

    /// <summary>Requests by outcome.</summary>
    public required IReadOnlyDictionary<string, long> Requests { get; init; }

    /// <summary>Input tokens, cached ones included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Cached input tokens.</summary>
    public required long CachedTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Requests whose tokens are an estimate.</summary>
    public required long EstimatedRequests { get; init; }

    /// <summary>What it cost, in US dollars.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>Times to the first token, of streams.</summary>
    public required TimesView TimeToFirstToken { get; init; }

    /// <summary>Times of whole answers.</summary>
    public required TimesView Duration { get; init; }
}

/// <summary>Times, as they are spread.</summary>
/// <param name="Count">How many.</param>
/// <param name="MeanSeconds">On average; absent: there are none.</param>
/// <param name="P50Seconds">Half are not longer; within a range they are taken to be spread evenly.</param>
/// <param name="P95Seconds">95 % are not longer.</param>
/// <param name="P99Seconds">99 % are not longer.</param>
internal sealed record TimesView(long Count, double? MeanSeconds, double? P50Seconds, double? P95Seconds, double? P99Seconds);

/// <summary>A request of the log.</summary>
public sealed record RequestView
{
    /// <summary>Its id in the log.</summary>
    public required string Id { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The client's request id.</summary>
    public required string RequestId { get; init; }

    /// <summary>The replica that served it.</summary>
    public required string Replica { get; init; }

    /// <summary>The key's id; absent: anonymous.</summary>
    public string? Key { get; init; }

    /// <summary>The key's name then.</summary>
    public string? KeyName { get; init; }

    /// <summary>The admin who asked from the playground; absent: a client asked.</summary>
    public string? Admin { get; init; }

    /// <summary>The public model.</summary>
    public string? Model { get; init; }

    /// <summary>The backend.</summary>
    public string? Backend { get; init; }

    /// <summary>The operation.</summary>
    public required string Operation { get; init; }

    /// <summary>The HTTP status that the client got.</summary>
    public required int Status { get; init; }

    /// <summary>How it ended, as usage counts it: <c>ok</c>, <c>client_error</c>, <c>limited</c>, <c>backend_error</c>, <c>cancelled</c>.</summary>
    public required string Outcome { get; init; }

    /// <summary>The cause of a failure.</summary>
    public string? Error { get; init; }

    /// <summary>Input tokens.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Cached input tokens.</summary>
    public required long CachedTokens { get; init; }

    /// <summary>Output tokens.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Whether tokens are an estimate.</summary>
    public required bool IsEstimated { get; init; }

    /// <summary>What it cost, in US dollars.</summary>
    public required decimal CostUsd { get; init; }

    /// <summary>To the first token.</summary>
    public double? TimeToFirstTokenSeconds { get; init; }

    /// <summary>To the end of the answer.</summary>
    public required double DurationSeconds { get; init; }

    /// <summary>Waiting for a place at the model; absent: it had one at once.</summary>
    public double? QueueSeconds { get; init; }

    /// <summary>Work of backends, failed attempts included; absent: none was asked.</summary>
    public double? BackendSeconds { get; init; }

    /// <summary>Attempts at backends.</summary>
    public int Attempts { get; init; }

    /// <summary>Whether its bodies were kept.</summary>
    public required bool HasBodies { get; init; }
}

/// <summary>What was said.</summary>
/// <param name="Request">The request's body, cut and redacted.</param>
/// <param name="Response">The answer's.</param>
/// <param name="IsCut">Whether something was left out for its size.</param>
public sealed record BodiesView(string Request, string Response, bool IsCut);
