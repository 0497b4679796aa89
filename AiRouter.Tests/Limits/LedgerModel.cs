using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;

namespace AiRouter.Tests.Limits;

/// <summary>
/// What limits mean, as plainly as it can be said: everything that ever happened, gone through anew for each question.
/// For a clock that only goes forward.
/// </summary>
internal sealed class LedgerModel(TimeProvider clock)
{
    private const long Minute = 60_000;
    private const long Lease = 30_000;

    private readonly Dictionary<string, Held> _reservations = [];
    private readonly List<(string Subject, long At)> _admissions = [];
    private readonly List<(string Subject, long At, long Tokens)> _settledTokens = [];
    private readonly List<(string Subject, long Admitted, long NanoUsd)> _settledMoney = [];

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Admits or refuses; the waits that time alone ends are exact, the others <see cref="Wait.Estimated"/>.
    /// </summary>
    public Dictionary<(string Subject, LimitKind Kind), Wait> Reserve(Reservation asked, bool reserves = true)
    {
        if (_reservations.ContainsKey(asked.Id))
        {
            return [];
        }

        var waits = asked.Subjects.SelectMany(subject => Waits(subject, asked))
            .ToDictionary(wait => wait.Key, wait => wait.Wait);
        if (waits.Count == 0 && reserves)
        {
            Hold(asked);
            var counted = asked.Subjects.Where(subject => subject.Limits.RequestsPerMinute is not null);
            _admissions.AddRange(counted.Select(subject => (subject.Id, Now)));
        }

        return waits;
    }

    public void Settle(Reservation asked, Settlement used)
    {
        if (!NeedsLease(asked) || _reservations.GetValueOrDefault(asked.Id) is { IsSettled: true })
        {
            return;
        }

        var held = _reservations.GetValueOrDefault(asked.Id) ?? Hold(asked);
        held.IsSettled = true;
        foreach (var subject in held.Asked.Subjects)
        {
            if (subject.Limits.TokensPerMinute is not null && used.Age < TimeSpan.FromMinutes(1))
            {
                _settledTokens.Add((subject.Id, Now, used.Tokens));
            }

            if (subject.Budget is not null)
            {
                _settledMoney.Add((subject.Id, held.Admitted, used.NanoUsd));
            }
        }
    }

    public void Renew(Reservation running)
    {
        if (NeedsLease(running) && _reservations.GetValueOrDefault(running.Id) is not { IsSettled: true })
        {
            (_reservations.GetValueOrDefault(running.Id) ?? Hold(running)).LeaseEnd = Now + Lease;
        }
    }

    public LimitStanding Standing(LimitSubject subject)
    {
        var requests = _admissions.Where(one => one.Subject == subject.Id && Counts(one.At, Now)).ToList();
        var tokens = _settledTokens
            .Where(one => one.Subject == subject.Id && one.Tokens > 0 && Counts(one.At, Now)).ToList();
        var held = HoldingTokens(subject.Id, lease => Now < lease.LeaseEnd + Minute);
        var expired = held.Where(one => one.LeaseEnd <= Now && one.Asked.Tokens > 0);
        var requestResets = requests.Select(one => BucketEnd(one.At) + Minute - Now);
        var tokenResets = tokens.Select(one => BucketEnd(one.At) + Minute - Now)
            .Concat(expired.Select(one => one.LeaseEnd + Minute - Now));
        var standing = new LimitStanding
        {
            SubjectId = subject.Id,
            Requests = requests.Count,
            RequestsReset = TimeSpan.FromMilliseconds(requestResets.DefaultIfEmpty().Max()),
            Tokens = tokens.Sum(one => one.Tokens) + held.Sum(one => one.Asked.Tokens),
            TokensReset = TimeSpan.FromMilliseconds(tokenResets.DefaultIfEmpty().Max()),
            Concurrent = (int)Slots(subject.Id),
        };
        return subject.Budget is not { } budget ? standing : standing with
        {
            SpentNanoUsd = Settled(subject.Id, budget.Per, Now) + Unsettled(subject.Id, budget.Per, Now),
            ReservedNanoUsd = Money(subject.Id, budget.Per, Now, held => Now < held.LeaseEnd),
            UnsettledNanoUsd = Unsettled(subject.Id, budget.Per, Now),
        };
    }

    private IEnumerable<((string, LimitKind) Key, Wait Wait)> Waits(LimitSubject subject, Reservation asked)
    {
        var (id, limits) = (subject.Id, subject.Limits);
        var standing = Standing(subject);
        if (limits.RequestsPerMinute is { } requests && standing.Requests + 1 > requests)
        {
            var wait = Exact(t => _admissions.Count(one => one.Subject == id && Counts(one.At, t)) + 1 <= requests);
            yield return ((id, LimitKind.Requests), wait);
        }

        if (limits.TokensPerMinute is { } tokens && standing.Tokens + asked.Tokens > tokens)
        {
            var running = HoldingTokens(id, lease => Now < lease.LeaseEnd).Sum(one => one.Asked.Tokens);
            yield return ((id, LimitKind.Tokens), asked.Tokens > tokens ? Wait.Never
                : running + asked.Tokens > tokens ? Wait.Estimated
                : Exact(t => running + TokensByTime(id, t) + asked.Tokens <= tokens));
        }

        if (limits.Concurrent is { } slots && standing.Concurrent + asked.Slots > slots)
        {
            yield return ((id, LimitKind.Concurrent), asked.Slots > slots ? Wait.Never : Wait.Estimated);
        }

        if (subject.Budget is { } budget &&
            standing.SpentNanoUsd + standing.ReservedNanoUsd + asked.NanoUsd > Nano(budget))
        {
            yield return ((id, LimitKind.Budget), asked.NanoUsd > Nano(budget) ? Wait.Never
                : standing.SpentNanoUsd + asked.NanoUsd <= Nano(budget) ? Wait.Estimated
                : budget.Per == BudgetPeriod.Total ? Wait.Never
                : new Wait((long)(PeriodEnd(budget.Per, clock.GetUtcNow()) - clock.GetUtcNow()).TotalMilliseconds));
        }
    }

    // Settled ones, and those expired by now, that still count at a time.
    private long TokensByTime(string id, long time) =>
        _settledTokens.Where(one => one.Subject == id && Counts(one.At, time)).Sum(one => one.Tokens) +
        HoldingTokens(id, lease => lease.LeaseEnd <= Now && time < lease.LeaseEnd + Minute)
            .Sum(one => one.Asked.Tokens);

    // The first time at which it holds: only then does something stop counting.
    private Wait Exact(Func<long, bool> holds) => new(_admissions.Select(one => BucketEnd(one.At) + Minute)
        .Concat(_settledTokens.Select(one => BucketEnd(one.At) + Minute))
        .Concat(_reservations.Values.Select(one => one.LeaseEnd + Minute))
        .Where(time => time > Now).Order().First(holds) - Now);

    private Held Hold(Reservation asked)
    {
        var held = new Held { Asked = asked, Admitted = Now, LeaseEnd = Now + Lease, IsSettled = !NeedsLease(asked) };
        return _reservations[asked.Id] = held;
    }

    private List<Held> HeldOf(string id, Func<(Held Held, LimitSubject Subject), bool> matches) =>
        [.. from held in _reservations.Values
            where !held.IsSettled
            from subject in held.Asked.Subjects
            where subject.Id == id && matches((held, subject))
            select held];

    private List<Held> HoldingTokens(string id, Func<Held, bool> matches) =>
        HeldOf(id, one => one.Subject.Limits.TokensPerMinute is not null && matches(one.Held));

    private long Slots(string id) =>
        HeldOf(id, one => one.Subject.Limits.Concurrent is not null && Now < one.Held.LeaseEnd)
            .Sum(one => one.Asked.Slots);

    private long Settled(string id, BudgetPeriod per, long now) =>
        _settledMoney.Where(one => one.Subject == id && IsSamePeriod(per, one.Admitted, now)).Sum(one => one.NanoUsd);

    private long Unsettled(string id, BudgetPeriod per, long now) => Money(id, per, now, held => held.LeaseEnd <= now);

    private long Money(string id, BudgetPeriod per, long now, Func<Held, bool> where) =>
        HeldOf(id, one => one.Subject.Budget is not null && where(one.Held))
            .Where(one => IsSamePeriod(per, one.Admitted, now)).Sum(one => one.Asked.NanoUsd);

    private static bool IsSamePeriod(BudgetPeriod per, long time, long now) =>
        DateTimeOffset.FromUnixTimeMilliseconds(now) < PeriodEnd(per, DateTimeOffset.FromUnixTimeMilliseconds(time));

    private static DateTimeOffset PeriodEnd(BudgetPeriod per, DateTimeOffset time)
    {
        var day = new DateTimeOffset(time.UtcDateTime.Date, TimeSpan.Zero);
        return per switch
        {
            BudgetPeriod.Day => day.AddDays(1),
            BudgetPeriod.Week => day.AddDays(time.DayOfWeek == DayOfWeek.Sunday ? 1 : 8 - (int)time.DayOfWeek),
            BudgetPeriod.Month => day.AddDays(1 - day.Day).AddMonths(1),
            _ => DateTimeOffset.MaxValue,
        };
    }

    private static bool Counts(long at, long now) => now < BucketEnd(at) + Minute;

    private static long BucketEnd(long at) => ((at / 100) + 1) * 100;

    private static long Nano(BudgetConfig budget) => (long)(budget.Usd * Subjects.Dollar);

    /// <summary>Whether anything is held until it is settled.</summary>
    public static bool NeedsLease(Reservation asked) => asked.Subjects.Any(
        subject => subject.Budget is not null ||
            subject.Limits is { TokensPerMinute: not null } or { Concurrent: not null });

    /// <summary>How long one limit stands in the way.</summary>
    /// <param name="Milliseconds">-1: for ever; -2: until something ends.</param>
    public readonly record struct Wait(long Milliseconds)
    {
        public static readonly Wait Never = new(-1);
        public static readonly Wait Estimated = new(-2);
    }

    private sealed class Held
    {
        public required Reservation Asked { get; init; }

        public required long Admitted { get; init; }

        public required long LeaseEnd { get; set; }

        public required bool IsSettled { get; set; }
    }
}
