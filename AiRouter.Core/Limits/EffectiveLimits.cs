using AiRouter.Core.Configuration;

namespace AiRouter.Core.Limits;

/// <summary>What holds for a subject now, in the units that are counted.</summary>
/// <param name="Requests">In a minute.</param>
/// <param name="Tokens">In a minute.</param>
/// <param name="Slots">At the same time.</param>
/// <param name="NanoUsd">In a period.</param>
/// <param name="Period">Which.</param>
internal readonly record struct EffectiveLimits(
    long? Requests, long? Tokens, long? Slots, long? NanoUsd, BudgetPeriod Period)
{
    private const decimal Billion = 1_000_000_000m;

    /// <summary>Whether a request holds something until it is settled.</summary>
    public bool NeedsLease => Tokens is not null || Slots is not null || NanoUsd is not null;

    /// <summary>The limits of a subject as they are configured.</summary>
    public static EffectiveLimits Of(LimitSubject subject) => new(
        subject.Limits.RequestsPerMinute, subject.Limits.TokensPerMinute, subject.Limits.Concurrent,
        subject.Budget is { } budget ? (long)(budget.Usd * Billion) : null, subject.Budget?.Per ?? BudgetPeriod.Total);

    /// <summary>
    /// A share of them, rounded down; of requests and places at least one, so that a small limit does not become none.
    /// Of a budget it is that share of what was left when another ledger was last heard of.
    /// </summary>
    public EffectiveLimits Share(double share, long adopted) => new(
        AtLeastOne(Requests, share), Part(Tokens, share), AtLeastOne(Slots, share),
        NanoUsd is { } budget ? Math.Min(adopted, budget) + Part(Math.Max(0, budget - adopted), share) : null, Period);

    /// <summary>Whether a request of these subjects has to be settled.</summary>
    public static bool AnyNeedsLease(IReadOnlyList<LimitSubject> subjects)
    {
        for (var i = 0; i < subjects.Count; i++)
        {
            var (_, limits, budget) = subjects[i];
            if (budget is not null || limits is { TokensPerMinute: not null } or { Concurrent: not null })
            {
                return true;
            }
        }

        return false;
    }

    private static long? Part(long? limit, double share) => limit is { } known ? (long)(known * share) : null;

    private static long? AtLeastOne(long? limit, double share) =>
        Part(limit, share) is { } part ? Math.Max(1, part) : null;
}
