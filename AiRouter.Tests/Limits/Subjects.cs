using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;

namespace AiRouter.Tests.Limits;

/// <summary>Short ways to say what is limited and what is asked.</summary>
internal static class Subjects
{
    public const long Dollar = 1_000_000_000;

    public static LimitSubject Of(
        string id = "key:a", int? requests = null, long? tokens = null, int? concurrent = null, decimal? usd = null,
        BudgetPeriod per = BudgetPeriod.Day) =>
        new(
            id,
            new LimitsConfig { RequestsPerMinute = requests, TokensPerMinute = tokens, Concurrent = concurrent },
            usd is { } dollars ? new BudgetConfig { Usd = dollars, Per = per } : null);

    public static Reservation Ask(
        LimitSubject subject, long tokens = 0, int slots = 1, long nanoUsd = 0, string? id = null) =>
        Ask([subject], tokens, slots, nanoUsd, id);

    public static Reservation Ask(
        LimitSubject[] subjects, long tokens = 0, int slots = 1, long nanoUsd = 0, string? id = null)
    {
        return new Reservation
        {
            Id = id ?? Guid.NewGuid().ToString("N"),
            Subjects = subjects,
            Slots = slots,
            Tokens = tokens,
            NanoUsd = nanoUsd,
        };
    }
}
