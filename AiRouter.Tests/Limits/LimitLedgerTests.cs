using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>What counts when, in memory and in the stores alike.</summary>
public sealed class LimitLedgerTests(StoreServers servers)
{
    public static TheoryData<LedgerKind> Kinds => [LedgerKind.Memory, LedgerKind.Redis, LedgerKind.Garnet];

    [Theory, MemberData(nameof(Kinds))]
    public async Task Request_counts_for_a_minute_from_its_admission(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(requests: 2);
        await ledger.AdmitAsync(Ask(subject));
        ledger.Clock.Advance(20);
        await ledger.AdmitAsync(Ask(subject));

        var refusal = await ledger.RefuseAsync(Ask(subject));

        Assert.Equal(new LimitRefusal("key:a", LimitKind.Requests, TimeSpan.FromSeconds(40.1)), refusal);
        ledger.Clock.Advance(40);
        await ledger.RefuseAsync(Ask(subject));
        ledger.Clock.Advance(0.1);
        await ledger.AdmitAsync(Ask(subject));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Tokens_count_from_the_reservation_until_a_minute_after_the_settlement(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(tokens: 100);
        var running = await ledger.AdmitAsync(Ask(subject, tokens: 80));
        await RenewUntilAsync(ledger, running, seconds: 100);

        Assert.Equal(80, (await ledger.ReadAsync(subject)).Tokens);
        await ledger.SettleAsync(running, tokens: 70);

        var refusal = await ledger.RefuseAsync(Ask(subject, tokens: 31));
        Assert.Equal(new LimitRefusal("key:a", LimitKind.Tokens, TimeSpan.FromSeconds(60.1)), refusal);
        await ledger.SettleAsync(await ledger.AdmitAsync(Ask(subject, tokens: 30)), tokens: 30);
        ledger.Clock.Advance(60);
        Assert.Equal(100, (await ledger.ReadAsync(subject)).Tokens);
        ledger.Clock.Advance(0.1);
        Assert.Equal(new LimitStanding { SubjectId = "key:a" }, await ledger.ReadAsync(subject));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Request_that_asks_for_more_than_the_limit_is_never_admitted(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);

        Assert.Null((await ledger.RefuseAsync(Ask(Of("a", tokens: 100), tokens: 101))).RetryAfter);
        Assert.Null((await ledger.RefuseAsync(Ask(Of("b", concurrent: 2), slots: 3))).RetryAfter);
        Assert.Null((await ledger.RefuseAsync(Ask(Of("c", usd: 1), nanoUsd: Dollar + 1))).RetryAfter);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Refusal_by_one_subject_counts_for_none(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        LimitSubject[] both =
            [Of("key:a", requests: 10, tokens: 1000, concurrent: 10, usd: 1), Of("model:m", concurrent: 1)];
        await ledger.AdmitAsync(Ask(both[1]));

        var refusal = await ledger.RefuseAsync(Ask(both, tokens: 10, nanoUsd: 5));

        Assert.Equal(("model:m", LimitKind.Concurrent), (refusal.SubjectId, refusal.Kind));
        Assert.Equal(new LimitStanding { SubjectId = "key:a" }, await ledger.ReadAsync(both[0]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Reserving_and_settling_again_changes_nothing(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(requests: 1, tokens: 100, concurrent: 1, usd: 1);
        var once = await ledger.AdmitAsync(Ask(subject, tokens: 60, nanoUsd: 600));
        var held = await ledger.ReadAsync(subject);

        await ledger.AdmitAsync(once);
        Assert.Equal(held, await ledger.ReadAsync(subject));

        await ledger.SettleAsync(once, tokens: 40, nanoUsd: 400);
        var settled = await ledger.ReadAsync(subject);
        await ledger.SettleAsync(once, tokens: 40, nanoUsd: 400);
        await ledger.RenewAsync(once);
        await ledger.AdmitAsync(once);
        Assert.Equal(settled, await ledger.ReadAsync(subject));
        Assert.Equal(
            (40, 0, 400, 0),
            (settled.Tokens, settled.Concurrent, settled.SpentNanoUsd, settled.ReservedNanoUsd));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Reservation_that_arrives_after_its_settlement_holds_nothing(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(tokens: 100, concurrent: 1, usd: 1);
        var late = Ask(subject, tokens: 60, nanoUsd: 600);

        await ledger.SettleAsync(late, tokens: 40, nanoUsd: 400);
        await ledger.AdmitAsync(late);

        var standing = await ledger.ReadAsync(subject);
        Assert.Equal(
            (40, 0, 400, 0),
            (standing.Tokens, standing.Concurrent, standing.SpentNanoUsd, standing.ReservedNanoUsd));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Places_of_a_dead_replica_come_free_and_its_tokens_count_for_a_minute_more(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(tokens: 100, concurrent: 1, usd: 1);
        await ledger.AdmitAsync(Ask(subject, tokens: 60, nanoUsd: 600));
        ledger.Clock.Advance(29.999);
        Assert.Equal(1, (await ledger.ReadAsync(subject)).Concurrent);

        ledger.Clock.Advance(0.001);
        var standing = await ledger.ReadAsync(subject);

        Assert.Equal(
            (60, 0, 600, 600),
            (standing.Tokens, standing.Concurrent, standing.SpentNanoUsd, standing.UnsettledNanoUsd));
        var refusal = await ledger.RefuseAsync(Ask(subject, tokens: 41));
        Assert.Equal(new LimitRefusal("key:a", LimitKind.Tokens, TimeSpan.FromSeconds(60)), refusal);
        ledger.Clock.Advance(60);
        await ledger.AdmitAsync(Ask(subject, tokens: 100));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Late_settlement_corrects_what_was_spent_for_an_expired_lease(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(tokens: 100, concurrent: 1, usd: 1);
        var soon = await ledger.AdmitAsync(Ask(subject, tokens: 60, nanoUsd: 600));
        ledger.Clock.Advance(31);
        var later = await ledger.AdmitAsync(Ask(subject, tokens: 40, nanoUsd: 400));

        await ledger.SettleAsync(soon, tokens: 20, nanoUsd: 200);
        Assert.Equal(60, (await ledger.ReadAsync(subject)).Tokens);
        ledger.Clock.Advance(TimeSpan.FromHours(1));
        await ledger.SettleAsync(later, tokens: 10, nanoUsd: 100, age: 3500);

        var standing = await ledger.ReadAsync(subject);
        Assert.Equal((0, 300, 0), (standing.Tokens, standing.SpentNanoUsd, standing.UnsettledNanoUsd));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Renewed_request_is_held_again_when_it_had_expired_or_was_lost(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(tokens: 100, concurrent: 2, usd: 1);
        var cutOff = await ledger.AdmitAsync(Ask(subject, tokens: 60, nanoUsd: 600));
        ledger.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(600, (await ledger.ReadAsync(subject)).UnsettledNanoUsd);

        await ledger.RenewAsync(cutOff, Ask(subject, tokens: 30, nanoUsd: 300));

        var standing = await ledger.ReadAsync(subject);
        Assert.Equal(
            (90, 2, 900, 0),
            (standing.Tokens, standing.Concurrent, standing.ReservedNanoUsd, standing.SpentNanoUsd));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Estimate_follows_how_runningrequests_take_and_the_age_of_the_oldest(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(concurrent: 1);
        var first = await ledger.AdmitAsync(Ask(subject));
        ledger.Clock.Advance(12);
        Assert.Equal(12, (await ledger.RefuseAsync(Ask(subject))).RetryAfter!.Value.TotalSeconds);
        await ledger.SettleAsync(first);

        await ledger.AdmitAsync(Ask(subject));
        Assert.Equal(12, (await ledger.RefuseAsync(Ask(subject))).RetryAfter!.Value.TotalSeconds);
        ledger.Clock.Advance(5);
        Assert.Equal(7, (await ledger.RefuseAsync(Ask(subject))).RetryAfter!.Value.TotalSeconds);
        ledger.Clock.Advance(20);
        Assert.Equal(3, (await ledger.RefuseAsync(Ask(subject))).RetryAfter!.Value.TotalSeconds);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Check_reserves_nothing_and_knows_the_wait(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var subject = Of(requests: 1, concurrent: 1);

        Assert.True((await ledger.CheckAsync(Ask(subject))).IsAdmitted);
        await ledger.AdmitAsync(Ask(subject));
        var refusal = (await ledger.CheckAsync(Ask(Of(requests: 1)))).Refusal;

        Assert.Equal(TimeSpan.FromSeconds(60.1), refusal?.RetryAfter);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Edited_limit_holds_for_the_next_request_with_what_is_used(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        for (var i = 0; i < 5; i++)
        {
            await ledger.AdmitAsync(Ask(Of(requests: 5)));
            ledger.Clock.Advance(1);
        }

        var refusal = await ledger.RefuseAsync(Ask(Of(requests: 2)));

        Assert.Equal(58.1, refusal.RetryAfter!.Value.TotalSeconds);
        await ledger.AdmitAsync(Ask(Of(requests: 6)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Limit_that_is_added_later_counts_from_then_on(LedgerKind kind)
    {
        await using var ledger = await TestLedger.OpenAsync(kind, servers);
        var before = await ledger.AdmitAsync(Ask(Of(concurrent: 5), tokens: 80));
        var after = Of(concurrent: 5, tokens: 100);

        await ledger.AdmitAsync(Ask(after, tokens: 100));
        await ledger.SettleAsync(before, tokens: 80);

        Assert.Equal(100, (await ledger.ReadAsync(after)).Tokens);
    }

    private static async Task RenewUntilAsync(TestLedger ledger, Reservation running, int seconds)
    {
        for (var i = 0; i < seconds; i += 10)
        {
            ledger.Clock.Advance(10);
            await ledger.RenewAsync(running);
        }
    }
}
