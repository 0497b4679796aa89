using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Limits;

/// <summary>Where limits are counted.</summary>
public enum LedgerKind
{
    /// <summary>In memory.</summary>
    Memory,

    /// <summary>In a redis-server.</summary>
    Redis,

    /// <summary>In the embedded store.</summary>
    Garnet,
}

/// <summary>One ledger on a clock that the test moves.</summary>
internal sealed class TestLedger : IAsyncDisposable
{
    private RedisStore? _store;

    public required ILimitLedger Ledger { get; init; }

    public required MovableClock Clock { get; init; }

    public static async Task<TestLedger> OpenAsync(LedgerKind kind, StoreServers servers, MovableClock? clock = null)
    {
        clock ??= new MovableClock();
        if (kind == LedgerKind.Memory)
        {
            return new TestLedger { Ledger = new MemoryLimitLedger(clock), Clock = clock };
        }

        var store = await servers.OpenAsync(kind == LedgerKind.Redis ? StoreKind.Redis : StoreKind.Garnet, clock);
        return new TestLedger { Ledger = new StoreLimitLedger(store), Clock = clock, _store = store };
    }

    public async Task<LimitDecision> ReserveAsync(Reservation reservation) =>
        await Ledger.ReserveAsync(reservation, TestContext.Current.CancellationToken);

    public async Task<LimitDecision> CheckAsync(Reservation reservation) =>
        await Ledger.CheckAsync(reservation, TestContext.Current.CancellationToken);

    public async Task SettleAsync(Reservation reservation, long tokens = 0, long nanoUsd = 0, double age = 0) =>
        await Ledger.SettleAsync(
            reservation,
            new Settlement(tokens, nanoUsd, TimeSpan.FromSeconds(age)),
            TestContext.Current.CancellationToken);

    public async Task RenewAsync(params Reservation[] running) =>
        await Ledger.RenewAsync(running, TestContext.Current.CancellationToken);

    public async Task<LimitStanding> ReadAsync(LimitSubject subject) =>
        Assert.Single(await Ledger.ReadAsync([subject], TestContext.Current.CancellationToken));

    /// <summary>Admits one; fails when it is refused.</summary>
    public async Task<Reservation> AdmitAsync(Reservation reservation)
    {
        Assert.Null((await ReserveAsync(reservation)).Refusal);
        return reservation;
    }

    /// <summary>Asks for one that must be refused; why.</summary>
    public async Task<LimitRefusal> RefuseAsync(Reservation reservation) =>
        Assert.IsType<LimitRefusal>((await ReserveAsync(reservation)).Refusal);

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }
}
