using System.Diagnostics.Metrics;
using AiRouter.Api.Admission;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Admission;

public sealed class SettlementQueueTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settlement_waits_for_the_store_and_is_told_its_age()
    {
        var ledger = new AwayLedger { IsAway = true };
        await using var queue = Make(ledger);
        await queue.StartAsync(Token);

        queue.Add(Reservation("a"), new Settlement(7, 8));
        await Eventually.HoldsAsync(() => ledger.Tries >= 2);
        Assert.Equal(1, queue.Waiting);
        Assert.Equal(1, queue.AddTo(new ReplicaReport { Id = "a", Role = "api", Host = "h", Started = default }).WaitingSettlements);
        ledger.IsAway = false;

        await Eventually.HoldsAsync(() => queue.Waiting == 0);
        var settled = Assert.Single(ledger.Settled);
        Assert.Equal((7, 8), (settled.Tokens, settled.NanoUsd));
        Assert.True(settled.Age > TimeSpan.Zero);
    }

    [Fact]
    public async Task More_than_the_most_are_dropped_and_counted()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var dropped = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "airouter.limits.settlements.dropped")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Exchange(ref dropped, count));
        listener.Start();
        var metrics = new LimitMetrics(services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var ledger = new AwayLedger { IsAway = true };
        await using var queue = new SettlementQueue(
            ledger, metrics, TimeProvider.System, NullLogger<SettlementQueue>.Instance, most: 3);
        await queue.StartAsync(Token);

        for (var i = 0; i < 5; i++)
        {
            queue.Add(Reservation($"{i}"), default);
        }

        Assert.Equal(3, queue.Waiting);
        ledger.IsAway = false;
        await Eventually.HoldsAsync(() => queue.Waiting == 0);
        Assert.Equal(3, ledger.Settled.Count);
        listener.RecordObservableInstruments();
        Assert.True(Interlocked.Read(ref dropped) >= 2);
    }

    [Fact]
    public async Task Stop_brings_what_waits()
    {
        var ledger = new AwayLedger { IsAway = true };
        await using var queue = Make(ledger);
        await queue.StartAsync(Token);
        for (var i = 0; i < 50; i++)
        {
            queue.Add(Reservation($"{i}"), default);
        }

        ledger.IsAway = false;
        await queue.StopAsync(Token);

        Assert.Equal(50, ledger.Settled.Count);
    }

    [Fact]
    public async Task Settlement_that_can_never_work_holds_up_nobody()
    {
        var ledger = new AwayLedger { IsAway = true, Mistaken = "wrong" };
        await using var queue = Make(ledger);
        await queue.StartAsync(Token);
        for (var i = 0; i < 50; i++)
        {
            queue.Add(Reservation(i % 2 == 0 ? "wrong" : $"{i}"), default);
        }

        ledger.IsAway = false;

        await Eventually.HoldsAsync(() => queue.Waiting == 0);
        Assert.Equal(25, ledger.Settled.Count);
    }

    [Fact]
    public async Task Renewal_that_fails_ends_neither_the_renewals_nor_the_router()
    {
        var time = new FakeTimeProvider();
        var ledger = new AwayLedger { Mistaken = "wrong" };
        var local = new LocalLedger(new MemoryLimitLedger(time), new KnownStandings(time));
        using var running = new RunningReservations(ledger, local, Metrics(), time, NullLogger<RunningReservations>.Instance);
        running.Add(Reservation("wrong"), share: null);
        await running.StartAsync(Token);

        await Eventually.HoldsAsync(() =>
        {
            time.Advance(RunningReservations.Interval);
            return ledger.Tries >= 2;
        });

        Assert.False(running.ExecuteTask!.IsCompleted);
        await running.StopAsync(Token);
    }

    private static Reservation Reservation(string id) => new() { Id = id, Subjects = [] };

    private static SettlementQueue Make(ILimitLedger ledger) =>
        new(ledger, Metrics(), TimeProvider.System, NullLogger<SettlementQueue>.Instance);

    private static LimitMetrics Metrics() => new(
        new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), TimeProvider.System);

    private sealed class AwayLedger : ILimitLedger
    {
        private readonly Lock _gate = new();
        private readonly List<Settlement> _settled = [];
        private int _tries;

        public bool IsAway { get; set; }

        /// <summary>The request that it fails for, whatever is asked.</summary>
        public string? Mistaken { get; init; }

        public int Tries => Volatile.Read(ref _tries);

        public IReadOnlyList<Settlement> Settled
        {
            get
            {
                lock (_gate)
                {
                    return [.. _settled];
                }
            }
        }

        public ValueTask<LimitDecision> ReserveAsync(Reservation reservation, CancellationToken cancellationToken) =>
            throw new InvalidOperationException();

        public ValueTask<LimitDecision> CheckAsync(Reservation reservation, CancellationToken cancellationToken) =>
            throw new InvalidOperationException();

        public ValueTask SettleAsync(Reservation reservation, Settlement used, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _tries);
            if (IsAway)
            {
                throw new StoreUnavailableException("Away.");
            }

            if (reservation.Id == Mistaken)
            {
                throw new InvalidOperationException("Wrong.");
            }

            lock (_gate)
            {
                _settled.Add(used);
            }

            return ValueTask.CompletedTask;
        }

        public ValueTask RenewAsync(IReadOnlyList<Reservation> running, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _tries);
            return running.Any(r => r.Id == Mistaken)
                ? ValueTask.FromException(new InvalidOperationException("Wrong."))
                : ValueTask.CompletedTask;
        }

        public ValueTask<IReadOnlyList<LimitStanding>> ReadAsync(
            IReadOnlyList<LimitSubject> subjects, CancellationToken cancellationToken) => throw new InvalidOperationException();
    }
}
