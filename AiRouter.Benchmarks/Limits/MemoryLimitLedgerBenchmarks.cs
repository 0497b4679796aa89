using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using BenchmarkDotNet.Attributes;

namespace AiRouter.Benchmarks.Limits;

/// <summary>What limits in memory cost a request: a reservation and its settlement.</summary>
[MemoryDiagnoser]
public class MemoryLimitLedgerBenchmarks
{
    private readonly MemoryLimitLedger _ledger = new(TimeProvider.System);
    private readonly string[] _ids = [.. Enumerable.Range(0, 200_000).Select(_ => Guid.NewGuid().ToString("N"))];
    private LimitSubject[] _subjects = [];
    private int _next;

    /// <summary>How many subjects a request counts for.</summary>
    [Params(1, 4)]
    public int Subjects { get; set; }

    /// <summary>How many others it knows: keys that have asked before.</summary>
    [Params(0, 10_000)]
    public int Others { get; set; }

    /// <summary>Every kind of limit for each subject, none in the way.</summary>
    [GlobalSetup]
    public async Task Setup()
    {
        var limits = new LimitsConfig { RequestsPerMinute = 10_000_000, TokensPerMinute = 1_000_000_000_000, Concurrent = 1_000_000 };
        var budget = new BudgetConfig { Usd = 1_000_000, Per = BudgetPeriod.Month };
        _subjects = [.. Enumerable.Range(0, Subjects).Select(i => new LimitSubject($"key:{i}", limits, budget))];
        for (var i = 0; i < Others; i++)
        {
            var other = new Reservation { Id = $"other-{i}", Subjects = [new LimitSubject($"key:other-{i}", limits, budget)], Tokens = 500 };
            await _ledger.ReserveAsync(other, CancellationToken.None);
            await _ledger.SettleAsync(other, new Settlement(300, 10), CancellationToken.None);
        }
    }

    /// <summary>One request. Ids come again only after they were forgotten.</summary>
    [Benchmark]
    public async Task ReserveAndSettle()
    {
        var reservation = new Reservation
        {
            Id = _ids[_next++ % _ids.Length],
            Subjects = _subjects,
            Tokens = 500,
            NanoUsd = 20,
        };
        await _ledger.ReserveAsync(reservation, CancellationToken.None);
        await _ledger.SettleAsync(reservation, new Settlement(300, 10), CancellationToken.None);
    }

    /// <summary>A look at the limits, which a request may get before its body is read.</summary>
    [Benchmark]
    public ValueTask<LimitDecision> Check() => _ledger.CheckAsync(
        new Reservation { Id = "look", Subjects = _subjects, Tokens = 500 }, CancellationToken.None);
}
