namespace AiRouter.Core.Limits;

/// <summary>Whether a request may be dispatched.</summary>
public sealed record LimitDecision
{
    /// <summary>Why not; null: it may.</summary>
    public LimitRefusal? Refusal { get; init; }

    /// <summary>
    /// How the subjects of the reservation stand now, with it counted if it was admitted; in their order.
    /// </summary>
    public required IReadOnlyList<LimitStanding> Standings { get; init; }

    /// <summary>Whether the request may be dispatched.</summary>
    public bool IsAdmitted => Refusal is null;
}

/// <summary>The limit that stands in the way; where several do, the one that takes longest.</summary>
/// <param name="SubjectId">Whose.</param>
/// <param name="Kind">Which.</param>
/// <param name="RetryAfter">
/// When the same request is admitted if nobody else asks meanwhile; exact to the millisecond for what time alone frees,
/// an estimate (1 to 60 s) for what has to end first; null: never (it asks for more than the limit itself, or a budget
/// for ever is used up).
/// </param>
public sealed record LimitRefusal(string SubjectId, LimitKind Kind, TimeSpan? RetryAfter);

/// <summary>What is limited.</summary>
public enum LimitKind
{
    /// <summary>Requests in a minute.</summary>
    Requests,

    /// <summary>Tokens in a minute.</summary>
    Tokens,

    /// <summary>Requests at the same time.</summary>
    Concurrent,

    /// <summary>Money in a period.</summary>
    Budget,
}

/// <summary>How one subject stands. Only what is limited is counted: the rest is 0.</summary>
public sealed record LimitStanding
{
    /// <summary>Whose.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Requests counted in the last minute.</summary>
    public long Requests { get; init; }

    /// <summary>When none of them counts any more.</summary>
    public TimeSpan RequestsReset { get; init; }

    /// <summary>
    /// Tokens settled in the last minute, those reserved, and those of leases that expired in the last minute.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>When none of them counts any more, those reserved left aside.</summary>
    public TimeSpan TokensReset { get; init; }

    /// <summary>Places taken.</summary>
    public int Concurrent { get; init; }

    /// <summary>Settled in the budget's current period, in billionths of a US dollar.</summary>
    public long SpentNanoUsd { get; init; }

    /// <summary>Reserved beside it.</summary>
    public long ReservedNanoUsd { get; init; }

    /// <summary>
    /// The part of <see cref="SpentNanoUsd"/> of requests that nobody settled (their replica died): their upper bound.
    /// </summary>
    public long UnsettledNanoUsd { get; init; }
}
