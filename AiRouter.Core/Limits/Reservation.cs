namespace AiRouter.Core.Limits;

/// <summary>
/// What one request may come to, taken before it is dispatched and given back as what it really was (R32). Everything
/// in it is an upper bound, so what it stands for never exceeds a limit (R45).
/// </summary>
public sealed record Reservation
{
    /// <summary>
    /// Unique to the request for ever (not the client's <c>x-request-id</c>): makes reserve and settle idempotent
    /// (R41).
    /// </summary>
    public required string Id { get; init; }

    /// <summary>Who is charged, each once; none without limits.</summary>
    public required IReadOnlyList<LimitSubject> Subjects { get; init; }

    /// <summary>Places among the concurrent ones: the request's <c>n</c> (R13).</summary>
    public int Slots { get; init; } = 1;

    /// <summary>Input estimate + effective token limit × n.</summary>
    public long Tokens { get; init; }

    /// <summary>The most that it can cost, in billionths of a US dollar.</summary>
    public long NanoUsd { get; init; }
}

/// <summary>What a reserved request really was.</summary>
/// <param name="Tokens">Input and output together.</param>
/// <param name="NanoUsd">What it cost, in billionths of a US dollar.</param>
/// <param name="Age">
/// How long ago the request ended, where the settlement had to wait for the store: tokens from over a minute ago no
/// longer count.
/// </param>
public readonly record struct Settlement(long Tokens, long NanoUsd, TimeSpan Age = default);
