using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;

namespace AiRouter.Tests.Limits;

/// <summary>Random interleavings: the ledgers against the model, and against one another.</summary>
public sealed class LimitLedgerPropertyTests(StoreServers servers)
{
    private static readonly Gen<LedgerStep[]> Steps =
        from length in Gen.Choose(1, 120)
        from steps in Gen.ArrayOf(
            from numbers in Gen.ArrayOf(Gen.Choose(0, 255), 3)
            select new LedgerStep((byte)numbers[0], (byte)numbers[1], (byte)numbers[2]), length)
        select steps;

    [Fact]
    public void Memory_does_what_the_model_says() => ForAll(1000, steps =>
    {
        var clock = new MovableClock();
        return new LedgerRun(clock, new MemoryLimitLedger(clock), other: null).GoAsync(steps);
    });

    [Theory, EveryStore]
    public Task Store_does_what_memory_and_the_model_say(StoreKind kind) =>
        OnStoreAsync(kind, runs: 15, isClockSteady: true);

    [Theory, EveryStore]
    public Task Clock_that_jumps_either_way_leaves_nothing_negative_and_both_the_same(StoreKind kind) =>
        OnStoreAsync(kind, runs: 15, isClockSteady: false);

    private async Task OnStoreAsync(StoreKind kind, int runs, bool isClockSteady)
    {
        await servers.ConnectionStringAsync(kind);
        ForAll(runs, async steps =>
        {
            // A run has keys of its own, by the store's prefix.
            var clock = new MovableClock();
            await using var store = await servers.OpenAsync(kind, clock);
            var memory = new MemoryLimitLedger(clock);
            await new LedgerRun(clock, new StoreLimitLedger(store), memory, isClockSteady).GoAsync(steps);
        });
    }

    private static void ForAll(int runs, Func<LedgerStep[], Task> holds) =>
        Prop.ForAll(Arb.From(Steps, Shorter), steps => holds(steps).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(runs));

    // Half of it, then without one step.
    private static IEnumerable<LedgerStep[]> Shorter(LedgerStep[] steps) =>
        ((LedgerStep[][])[steps[..(steps.Length / 2)], steps[(steps.Length / 2)..]])
            .Where(half => half.Length < steps.Length)
            .Concat(steps.Select((_, left) => (LedgerStep[])[.. steps[..left], .. steps[(left + 1)..]]));
}
