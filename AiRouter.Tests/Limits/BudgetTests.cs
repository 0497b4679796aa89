using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>
/// Money by periods of the UTC calendar, in memory and in the stores alike. The clock starts on Wednesday, 18 March
/// 2026, noon.
/// </summary>
public sealed class BudgetTests(StoreServers servers)
{
    public static TheoryData<LedgerKind> Kinds => LimitLedgerTests.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Spent_budget_is_back_when_its_period_ends(LedgerKind kind)
    {
        foreach (var (per, hours) in ((BudgetPeriod, double)[])[
            (BudgetPeriod.Day, 12), (BudgetPeriod.Week, (4 * 24) + 12), (BudgetPeriod.Month, (13 * 24) + 12)])
        {
            await using var ledger = await TestLedger.OpenAsync(kind, servers);
            var subject = Of(usd: 1, per: per);
            await SpendAsync(ledger, subject, Dollar);

            var refusal = await ledger.RefuseAsync(Ask(subject, nanoUsd: 1));

            Assert.Equal(new LimitRefusal("key:a", LimitKind.Budget, TimeSpan.FromHours(hours)), refusal);
            ledger.Clock.Advance(TimeSpan.FromHours(hours) - TimeSpan.FromMilliseconds(1));
            await ledger.RefuseAsync(Ask(subject, nanoUsd: 1));
            ledger.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await ledger.AdmitAsync(Ask(subject, nanoUsd: Dollar));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Total_budget_that_is_spent_never_comes_back(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(usd: 1, per: BudgetPeriod.Total);
        await SpendAsync(ledger, subject, Dollar);

        ledger.Clock.Advance(TimeSpan.FromDays(800));

        Assert.Null((await ledger.RefuseAsync(Ask(subject, nanoUsd: 1))).RetryAfter);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Money_in_flight_is_as_good_as_spent_and_the_wait_is_an_estimate(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(usd: 1, per: BudgetPeriod.Total);
        var running = await ledger.AdmitAsync(Ask(subject, nanoUsd: Dollar));

        Assert.Equal(1, (await ledger.RefuseAsync(Ask(subject, nanoUsd: 1))).RetryAfter!.Value.TotalSeconds);

        await ledger.SettleAsync(running, nanoUsd: Dollar / 2);
        await ledger.AdmitAsync(Ask(subject, nanoUsd: Dollar / 2));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Request_belongs_to_the_period_of_its_admission(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var daily = Of(usd: 1);
        ledger.Clock.Advance(TimeSpan.FromHours(11.999));
        var overMidnight = await ledger.AdmitAsync(Ask(daily, nanoUsd: Dollar));

        ledger.Clock.Advance(10);
        var today = await ledger.AdmitAsync(Ask(daily, nanoUsd: Dollar));
        await ledger.SettleAsync(overMidnight, nanoUsd: 700);
        await ledger.SettleAsync(today, nanoUsd: 30);

        Assert.Equal(30, (await ledger.ReadAsync(daily)).SpentNanoUsd);
        Assert.Equal(730, (await ledger.ReadAsync(Of(usd: 1, per: BudgetPeriod.Week))).SpentNanoUsd);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Edited_period_holds_at_once_with_what_was_spent_in_it(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        foreach (var (days, nanoUsd) in ((int, long)[])[(12, 1), (2, 10), (1, 100), (0, 1000)])
        {
            await SpendAsync(ledger, Of(usd: 1, per: BudgetPeriod.Month), nanoUsd);
            ledger.Clock.Advance(TimeSpan.FromDays(days));
        }

        // The 18th, 30th of March (a Monday), 1st and 2nd of April.
        Assert.Equal(1000, await SpentAsync(BudgetPeriod.Day));
        Assert.Equal(1110, await SpentAsync(BudgetPeriod.Week));
        Assert.Equal(1100, await SpentAsync(BudgetPeriod.Month));
        Assert.Equal(1111, await SpentAsync(BudgetPeriod.Total));
        var tight = Of(usd: 0.0000011m, per: BudgetPeriod.Month);
        Assert.Equal(LimitKind.Budget, (await ledger.RefuseAsync(Ask(tight, nanoUsd: 1))).Kind);

        async Task<long> SpentAsync(BudgetPeriod per) => (await ledger.ReadAsync(Of(usd: 1, per: per))).SpentNanoUsd;
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Periods_follow_the_calendar_for_years(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        for (var i = 0; i < 150; i++)
        {
            ledger.Clock.Advance(TimeSpan.FromDays(i % 40) + TimeSpan.FromHours(7));
            var now = ledger.Clock.GetUtcNow();
            foreach (var per in (BudgetPeriod[])[BudgetPeriod.Day, BudgetPeriod.Week, BudgetPeriod.Month])
            {
                var subject = Of($"{per} {i}", usd: 1, per: per);
                await SpendAsync(ledger, subject, Dollar);
                var back = now + (await ledger.RefuseAsync(Ask(subject, nanoUsd: 1))).RetryAfter!.Value;

                Assert.Equal(TimeSpan.Zero, back.TimeOfDay);
                Assert.True(per switch
                {
                    BudgetPeriod.Day => back - now <= TimeSpan.FromDays(1),
                    BudgetPeriod.Week => back.DayOfWeek == DayOfWeek.Monday && back - now <= TimeSpan.FromDays(7),
                    _ => back.Day == 1 && back.AddMonths(-1) <= now,
                });
            }
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Clock_that_steps_back_over_midnight_does_not_begin_the_day_again(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(usd: 1);
        await SpendAsync(ledger, subject, Dollar);
        ledger.Clock.Advance(TimeSpan.FromHours(12));
        await SpendAsync(ledger, subject, Dollar);

        ledger.Clock.Advance(-2);
        await ledger.RefuseAsync(Ask(subject, nanoUsd: 1));
        ledger.Clock.Advance(2);

        Assert.Equal(Dollar, (await ledger.ReadAsync(subject)).SpentNanoUsd);
    }

    private static async Task SpendAsync(TestLedger ledger, LimitSubject subject, long nanoUsd)
    {
        var reservation = await ledger.AdmitAsync(Ask(subject, nanoUsd: nanoUsd));
        await ledger.SettleAsync(reservation, nanoUsd: nanoUsd);
    }
}
