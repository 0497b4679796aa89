using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;

namespace AiRouter.Tests.Limits;

/// <summary>What only the ledger in memory does; the rest is tested for both.</summary>
public sealed class MemoryLimitLedgerTests
{
    private readonly MovableClock _clock = new();
    private readonly MemoryLimitLedger _ledger;

    public MemoryLimitLedgerTests() => _ledger = new MemoryLimitLedger(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Share_of_a_limit_is_rounded_down_but_never_to_no_request_at_all()
    {
        _ledger.Share = 1 / 3.0;

        Assert.Equal(3, await AdmittedAsync(Subjects.Of("ten", requests: 10), 10));
        Assert.Equal(1, await AdmittedAsync(Subjects.Of("one", requests: 1), 10));
        Assert.Equal(1, await AdmittedAsync(Subjects.Of("place", concurrent: 2), 10));
        var tokens = Subjects.Of("tokens", tokens: 10);
        Assert.False((await _ledger.ReserveAsync(Subjects.Ask(tokens, tokens: 4), Token)).IsAdmitted);
        Assert.True((await _ledger.ReserveAsync(Subjects.Ask(tokens, tokens: 3), Token)).IsAdmitted);
    }

    [Fact]
    public async Task Share_of_a_budget_is_that_of_what_the_other_ledger_had_left()
    {
        var subject = Subjects.Of(usd: 10);
        var told = new LimitStanding
        {
            SubjectId = subject.Id,
            SpentNanoUsd = 5 * Subjects.Dollar,
            ReservedNanoUsd = Subjects.Dollar,
        };
        _ledger.Adopt([subject], [told]);
        _ledger.Share = 0.5;

        Assert.Equal(2, await AdmittedAsync(subject, 10, nanoUsd: Subjects.Dollar));

        _clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(5, await AdmittedAsync(subject, 10, nanoUsd: Subjects.Dollar));
    }

    [Fact]
    public async Task Subjects_and_reservations_nobody_asks_about_are_forgotten()
    {
        for (var i = 0; i < 1000; i++)
        {
            var reservation = Subjects.Ask(Subjects.Of($"key:{i}", requests: 1, tokens: 100), tokens: 1);
            await _ledger.ReserveAsync(reservation, Token);
            await _ledger.ReserveAsync(reservation with { Id = $"refused {i}" }, Token);
            await _ledger.SettleAsync(reservation, new Settlement(1, 0), Token);
            await _ledger.ReserveAsync(Subjects.Ask(Subjects.Of($"crashed:{i}", concurrent: 1)), Token);
        }

        Assert.Equal((2000, 2000), _ledger.Size);
        _clock.Advance(TimeSpan.FromDays(2));
        for (var i = 0; i < 1000; i++)
        {
            await _ledger.ReadAsync([Subjects.Of()], Token);
        }

        _clock.Advance(TimeSpan.FromDays(2));
        for (var i = 0; i < 1000; i++)
        {
            await _ledger.ReadAsync([Subjects.Of()], Token);
        }

        Assert.Equal((0, 0), _ledger.Size);
    }

    [Fact]
    public async Task Spending_for_ever_is_not_forgotten()
    {
        var total = Subjects.Of("total", usd: 1, per: BudgetPeriod.Total);
        var spent = Subjects.Ask(total, nanoUsd: Subjects.Dollar);
        await _ledger.ReserveAsync(spent, Token);
        await _ledger.SettleAsync(spent, new Settlement(0, Subjects.Dollar), Token);

        _clock.Advance(TimeSpan.FromDays(400));

        Assert.Equal(Subjects.Dollar, Assert.Single(await _ledger.ReadAsync([total], Token)).SpentNanoUsd);
    }

    [Fact]
    public async Task Settled_ones_are_remembered_for_so_many_requests_at_most()
    {
        var subject = Subjects.Of(tokens: 1_000_000_000);
        for (var i = 0; i < 110_000; i++)
        {
            var reservation = Subjects.Ask(subject, tokens: 1, id: $"{i}");
            await _ledger.ReserveAsync(reservation, Token);
            await _ledger.SettleAsync(reservation, new Settlement(1, 0), Token);
        }

        Assert.InRange(_ledger.Size.Reservations, 1, 100_001);
    }

    private async Task<int> AdmittedAsync(LimitSubject subject, int requests, long nanoUsd = 0)
    {
        var admitted = 0;
        for (var i = 0; i < requests; i++)
        {
            admitted += (await _ledger.ReserveAsync(Subjects.Ask(subject, nanoUsd: nanoUsd), Token)).IsAdmitted ? 1 : 0;
        }

        return admitted;
    }
}
