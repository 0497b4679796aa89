using System.Globalization;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Limits;

/// <summary>
/// Limits in the store, for all replicas together: one script for each step, on the store's own clock. It counts as
/// <see cref="MemoryLimitLedger"/> does; <c>Limits/ledger.lua</c> says how it is kept.
/// </summary>
public sealed class StoreLimitLedger(IStore store) : ILimitLedger
{
    // Scripts hold up everybody: none takes longer than about a millisecond.
    private const int MostAtOnce = 25;

    private const string Read = "read";

    // What a subject has in the store, in the order in which the scripts expect it.
    private static readonly string[] SubjectKeys =
        ["limits:state:", "limits:window:", "limits:leases:", "limits:expired:"];

    private static readonly StoreScript ReserveScript = Script("Limits/reserve.lua");
    private static readonly StoreScript SettleScript = Script("Limits/settle.lua");
    private static readonly StoreScript RenewScript = Script("Limits/renew.lua");

    /// <inheritdoc/>
    public ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken) =>
        DecideAsync("reserve", reservation, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<LimitDecision> CheckAsync(Reservation reservation, CancellationToken cancellationToken) =>
        DecideAsync("check", reservation, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken)
    {
        if (!EffectiveLimits.AnyNeedsLease(reservation.Subjects))
        {
            return;
        }

        var call = new ScriptCall(store);
        call.Add(Math.Max(0, used.Tokens));
        call.Add(Math.Max(0, used.NanoUsd));
        call.Add(Math.Max(0, (long)used.Age.TotalMilliseconds));
        Add(call, reservation);
        await call.RunAsync(SettleScript, StoreDeadlines.Request, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken)
    {
        foreach (var batch in running.Where(one => EffectiveLimits.AnyNeedsLease(one.Subjects)).Chunk(MostAtOnce))
        {
            var call = new ScriptCall(store);
            call.Add(batch.Length);
            foreach (var reservation in batch)
            {
                Add(call, reservation);
            }

            await call.RunAsync(RenewScript, StoreDeadlines.Background, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(
        IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken)
    {
        var standings = new List<LimitStanding>(subjects.Count);
        foreach (var some in subjects.Chunk(MostAtOnce))
        {
            var decision = await DecideAsync(Read, new Reservation { Id = "", Subjects = some }, cancellationToken);
            standings.AddRange(decision.Standings);
        }

        return standings;
    }

    private static StoreScript Script(string path) => new(path, "Limits/budget.lua", "Limits/ledger.lua");

    private async ValueTask<LimitDecision> DecideAsync(
        string mode, Reservation asked, CancellationToken cancellationToken)
    {
        if (asked.Subjects.Count == 0)
        {
            return new LimitDecision { Standings = [] };
        }

        var call = new ScriptCall(store);
        call.Add((RedisValue)mode);
        Add(call, asked);
        var deadline = mode == Read ? StoreDeadlines.Background : StoreDeadlines.Request;
        var answer = await call.RunAsync(ReserveScript, deadline, cancellationToken);
        return Parse((string)answer!, asked.Subjects);
    }

    // As read_request in ledger.lua reads it.
    private static void Add(ScriptCall call, Reservation reservation)
    {
        call.AddKey("limits:request:", reservation.Id);
        call.Add(reservation.Id);
        call.Add(reservation.Slots);
        call.Add(reservation.Tokens);
        call.Add(reservation.NanoUsd);
        call.Add(reservation.Subjects.Count);
        foreach (var subject in reservation.Subjects)
        {
            foreach (var key in SubjectKeys)
            {
                call.AddKey(key, subject.Id);
            }

            var limits = EffectiveLimits.Of(subject);
            call.Add(limits.Requests);
            call.Add(limits.Tokens);
            call.Add(limits.Slots);
            call.Add(limits.NanoUsd);
            call.Add(subject.Budget is { } budget ? (int)budget.Per + 1 : 0);
        }
    }

    private static LimitDecision Parse(ReadOnlySpan<char> answer, IReadOnlyList<LimitSubject> subjects)
    {
        var refused = (int)Next(ref answer);
        var kind = (LimitKind)Next(ref answer);
        var wait = Next(ref answer);
        var standings = new LimitStanding[subjects.Count];
        for (var i = 0; i < standings.Length; i++)
        {
            standings[i] = new LimitStanding
            {
                SubjectId = subjects[i].Id,
                Requests = Next(ref answer),
                RequestsReset = TimeSpan.FromMilliseconds(Next(ref answer)),
                Tokens = Next(ref answer),
                TokensReset = TimeSpan.FromMilliseconds(Next(ref answer)),
                Concurrent = (int)Next(ref answer),
                SpentNanoUsd = Next(ref answer),
                ReservedNanoUsd = Next(ref answer),
                UnsettledNanoUsd = Next(ref answer),
            };
        }

        return new LimitDecision
        {
            Standings = standings,
            Refusal = refused == 0
                ? null
                : new LimitRefusal(subjects[refused - 1].Id, kind, wait < 0 ? null : TimeSpan.FromMilliseconds(wait)),
        };
    }

    private static long Next(ref ReadOnlySpan<char> numbers)
    {
        var end = numbers.IndexOf(' ');
        var text = end < 0 ? numbers : numbers[..end];
        var number = long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        numbers = end < 0 ? [] : numbers[(end + 1)..];
        return number;
    }

    /// <summary>The keys and arguments of one call.</summary>
    private sealed class ScriptCall(IStore store)
    {
        private readonly List<RedisKey> _keys = [];
        private readonly List<RedisValue> _arguments = [];

        public void AddKey(string kind, string name) => _keys.Add(store.Key(kind + name));

        public void Add(RedisValue argument) => _arguments.Add(argument);

        public void Add(long? limit) => _arguments.Add(limit is { } known ? known : "-");

        public ValueTask<RedisResult> RunAsync(
            StoreScript script, TimeSpan deadline, CancellationToken cancellationToken) =>
            store.RunAsync(script, [.. _keys], [.. _arguments], deadline, cancellationToken);
    }
}
