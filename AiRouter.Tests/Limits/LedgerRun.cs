using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>
/// What happens next in a random run: three numbers that <see cref="LedgerRun"/> reads as it pleases.
/// </summary>
internal readonly record struct LedgerStep(byte What, byte First, byte Second);

/// <summary>
/// One random sequence of requests, settlements, deaths, renewals, edits and waits, on two ledgers at the same time (or
/// one and the model): their answers must be the same, and what was really produced must stay within the limits.
/// </summary>
internal sealed class LedgerRun(MovableClock clock, ILimitLedger ledger, ILimitLedger? other, bool isClockSteady = true)
{
    // Milliseconds; the long ones for periods and for what is forgotten.
    private static readonly long[] Waits =
    [
        1, 37, 99, 100, 101, 900, 3_000, 9_000, 10_000, 12_345, 29_900, 30_000, 59_999, 60_000, 60_100, 90_000, 150_000,
        3_600_000, 86_400_000, 700_000_000,
    ];

    private readonly LedgerModel _model = new(clock);
    private readonly List<Request> _requests = [];
    private readonly ProducedTokens _produced = new();
    private readonly LimitSubject[] _subjects =
    [
        Of("key:a", requests: 7, tokens: 200, concurrent: 4, usd: 0.000001m, per: BudgetPeriod.Day),
        Of("model:m", requests: 5, tokens: 300),
        Of("key:a model:m*", concurrent: 3, usd: 0.000002m, per: BudgetPeriod.Week),
        Of("global", requests: 9, usd: 0.000005m, per: BudgetPeriod.Total),
    ];

    // As far as the clock went forward: what is forgotten, and how long a lease lasts at least.
    private long _waited;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Goes through all steps.</summary>
    public async Task GoAsync(IEnumerable<LedgerStep> steps)
    {
        foreach (var step in steps)
        {
            await ((step.What % 16) switch
            {
                0 or 1 or 2 or 3 or 4 => ReserveAsync(New(step)),
                5 => AgainAsync(step),
                6 or 7 or 8 => SettleAsync(step),
                9 => SettleUnknownAsync(step),
                10 => RenewAsync(step),
                11 or 12 or 13 => WaitAsync(step),
                14 => EditAsync(step),
                _ => CheckAsync(New(step).Reservation),
            });
            await CompareAsync(step);
        }

        if (isClockSteady)
        {
            _produced.AssertEveryMinuteHoldsTheLimit();
        }

        await AssertWaitsAsync();
    }

    private Request New(LedgerStep step)
    {
        var subjects = _subjects.Where((_, i) => ((step.First % 15) + 1 & (1 << i)) != 0).ToArray();
        return new Request(Ask(
            subjects,
            tokens: step.Second % 120,
            slots: 1 + (step.Second % 3),
            nanoUsd: step.Second * 3,
            id: $"{_requests.Count:D8}"));
    }

    private async Task ReserveAsync(Request request)
    {
        var decision = await ledger.ReserveAsync(request.Reservation, Token);
        await AssertSameAsync(decision, request.Reservation, (l, r) => l.ReserveAsync(r, Token), reserves: true);
        if (decision.IsAdmitted)
        {
            AssertWithin(decision, request.Reservation);
            request.Touched = _waited;
            request.IsSettled = !LedgerModel.NeedsLease(request.Reservation);
            _requests.Add(request);
        }
    }

    private async Task CheckAsync(Reservation reservation)
    {
        var decision = await ledger.CheckAsync(reservation, Token);
        await AssertSameAsync(decision, reservation, (l, r) => l.CheckAsync(r, Token), reserves: false);
    }

    private async Task AgainAsync(LedgerStep step)
    {
        if (Pick(step.First) is { } request && _waited - request.Touched < 500_000)
        {
            var decision = await ledger.ReserveAsync(request.Reservation, Token);
            await AssertSameAsync(decision, request.Reservation, (l, r) => l.ReserveAsync(r, Token), reserves: true);
            Assert.True(decision.IsAdmitted);
        }
    }

    private async Task SettleAsync(LedgerStep step)
    {
        // Remembered for ten minutes once settled, for a day before; a run does not go beyond.
        if (Pick(step.First) is { } request && _waited - request.Touched < (request.IsSettled ? 500_000 : 80_000_000))
        {
            var share = step.Second / 255.0;
            Produce(request, (long)(request.Reservation.Tokens * share));
            request.Touched = request.IsSettled ? request.Touched : _waited;
            request.IsSettled = true;
            var nanoUsd = (long)(request.Reservation.NanoUsd * share);
            await SettleAsync(request.Reservation, new Settlement(request.Produced, nanoUsd));
        }
    }

    private async Task SettleUnknownAsync(LedgerStep step)
    {
        var request = New(step) with { IsSettled = true, Touched = _waited };
        if (!LedgerModel.NeedsLease(request.Reservation))
        {
            return;
        }

        _requests.Add(request);
        var used = new Settlement(step.Second % 3, step.Second % 50, TimeSpan.FromSeconds(step.First % 70));
        await SettleAsync(request.Reservation, used);
    }

    private async Task SettleAsync(Reservation reservation, Settlement used)
    {
        _model.Settle(reservation, used);
        await ledger.SettleAsync(reservation, used, Token);
        await (other?.SettleAsync(reservation, used, Token) ?? ValueTask.CompletedTask);
    }

    private async Task RenewAsync(LedgerStep step)
    {
        // Only those that are still held: what a cut-off replica produces after its lease is nobody's promise.
        var running = _requests.Where((request, i) =>
            !request.IsSettled && _waited - request.Touched < 30_000 && (i + step.First) % 4 != 0).ToList();
        foreach (var request in running)
        {
            Produce(request, request.Reservation.Tokens * step.Second / 255);
            request.Touched = _waited;
            _model.Renew(request.Reservation);
        }

        var reservations = running.Select(request => request.Reservation).ToList();
        await ledger.RenewAsync(reservations, Token);
        await (other?.RenewAsync(reservations, Token) ?? ValueTask.CompletedTask);
    }

    private Task WaitAsync(LedgerStep step)
    {
        var wait = Waits[step.First % Waits.Length];

        if (!isClockSteady && step.Second < 60)
        {
            clock.Advance(TimeSpan.FromMilliseconds(-wait));
        }
        else if (_waited + wait < TimeSpan.FromDays(35).TotalMilliseconds)
        {
            // A subject with a budget is kept for 40 days.
            _waited += wait;
            clock.Advance(TimeSpan.FromMilliseconds(wait));
        }

        return Task.CompletedTask;
    }

    private Task EditAsync(LedgerStep step)
    {
        var index = step.First % _subjects.Length;
        var (id, limits, budget) = _subjects[index];
        var factor = 1 + (step.Second % 3);
        _subjects[index] = (step.Second % 7) switch
        {
            0 => new(id, limits with { TokensPerMinute = limits.TokensPerMinute is null ? 150 : null }, budget),
            1 => new(id, limits with { Concurrent = limits.Concurrent is null ? 2 : null }, budget),
            2 => new(id, limits, budget is null ? new BudgetConfig { Usd = 0.000001m } : null),
            3 => new(id, limits, budget is null ? null : budget with { Per = (BudgetPeriod)(step.First % 4) }),
            4 => new(id, limits with { RequestsPerMinute = 3 * factor }, budget),
            5 => new(id, limits with { TokensPerMinute = 100 * factor }, budget),
            _ => new(id, limits with { Concurrent = factor }, budget),
        };
        return Task.CompletedTask;
    }

    private Request? Pick(byte which) => _requests.Count == 0 ? null : _requests[which % _requests.Count];

    // Tokens come only while the replica lives: until the lease ends that nobody renewed.
    private void Produce(Request request, long upTo)
    {
        var amount = upTo - request.Produced;
        if (request.IsSettled || amount <= 0 || _waited - request.Touched >= 30_000)
        {
            return;
        }

        request.Produced = upTo;
        _produced.Add(request.Reservation, Now, amount);
    }

    private async Task AssertSameAsync(
        LimitDecision decision,
        Reservation reservation,
        Func<ILimitLedger, Reservation, ValueTask<LimitDecision>> ask,
        bool reserves)
    {
        if (other is not null)
        {
            var same = await ask(other, reservation);
            Assert.Equal(same.IsAdmitted, decision.IsAdmitted);

            // Memory forgets how long requests take when a clock was far ahead for a moment.
            Assert.True(!isClockSteady || same.Refusal == decision.Refusal, $"{same.Refusal} {decision.Refusal}");
            Assert.Equal(same.Standings, decision.Standings);
        }

        if (!isClockSteady)
        {
            return;
        }

        var waits = _model.Reserve(reservation, reserves);
        Assert.Equal(waits.Count == 0, decision.IsAdmitted);
        if (decision.Refusal is { } refusal)
        {
            var wait = waits[(refusal.SubjectId, refusal.Kind)];
            var longest = waits.Values.Max(one => one.Milliseconds);
            Assert.Equal(waits.ContainsValue(LedgerModel.Wait.Never), refusal.RetryAfter is null);
            if (refusal.RetryAfter is { } retryAfter)
            {
                Assert.True(retryAfter.TotalMilliseconds >= longest, $"{refusal} {longest}");
                Assert.True(
                    wait == LedgerModel.Wait.Estimated
                        ? retryAfter.TotalSeconds is > 0 and <= 60
                        : retryAfter.TotalMilliseconds == wait.Milliseconds,
                    $"{refusal} {wait}");
            }
        }
    }

    private async Task CompareAsync(LedgerStep step)
    {
        var standings = await ledger.ReadAsync(_subjects, Token);
        Assert.All(standings, AssertNoneIsNegative);
        if (isClockSteady)
        {
            Assert.Equal(_subjects.Select(_model.Standing), standings);
        }

        if (other is not null && (!isClockSteady || step.Second % 4 == 0))
        {
            Assert.Equal(await other.ReadAsync(_subjects, Token), standings);
        }
    }

    private static void AssertNoneIsNegative(LimitStanding standing) => Assert.True(
        Math.Min(Math.Min(standing.Requests, standing.Tokens), standing.Concurrent) >= 0 &&
        Math.Min(Math.Min(standing.SpentNanoUsd, standing.ReservedNanoUsd), standing.UnsettledNanoUsd) >= 0,
        $"{standing}");

    // What is admitted is within all limits, with everything in flight at its upper bound.
    private static void AssertWithin(LimitDecision decision, Reservation reservation)
    {
        for (var i = 0; i < reservation.Subjects.Count; i++)
        {
            var (subject, standing) = (reservation.Subjects[i], decision.Standings[i]);
            Assert.True(
                standing.Requests <= (subject.Limits.RequestsPerMinute ?? long.MaxValue) &&
                standing.Tokens <= (subject.Limits.TokensPerMinute ?? long.MaxValue) &&
                standing.Concurrent <= (subject.Limits.Concurrent ?? long.MaxValue) &&
                standing.SpentNanoUsd + standing.ReservedNanoUsd <= (subject.Budget?.Usd * Dollar ?? long.MaxValue),
                $"{subject} {standing}");
        }
    }

    // With nothing in flight each wait is exact: sleeping it admits the request, a millisecond less does not.
    private async Task AssertWaitsAsync()
    {
        foreach (var request in _requests.Where(one => !one.IsSettled && _waited - one.Touched < 80_000_000))
        {
            await SettleAsync(request.Reservation, new Settlement(request.Reservation.Tokens, 0));
        }

        var next = Ask(_subjects, tokens: 100, nanoUsd: 400);
        if (!isClockSteady || (await ledger.CheckAsync(next, Token)).Refusal?.RetryAfter is not { } wait)
        {
            return;
        }

        clock.Advance(wait - TimeSpan.FromMilliseconds(1));
        Assert.NotNull((await ledger.CheckAsync(next, Token)).Refusal);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null((await ledger.CheckAsync(next, Token)).Refusal);
    }

    private sealed record Request(Reservation Reservation)
    {
        public long Produced { get; set; }

        public bool IsSettled { get; set; }

        public long Touched { get; set; }
    }
}
