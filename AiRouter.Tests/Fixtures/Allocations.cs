namespace AiRouter.Tests.Fixtures;

/// <summary>What code allocates on the thread of the test.</summary>
internal static class Allocations
{
    /// <summary>
    /// The bytes of a round, the fewest of five: the runtime itself allocates a few once, when it compiles what runs often anew. What
    /// the code allocates is there in each round.
    /// </summary>
    public static long Of(Action round)
    {
        round();
        return Enumerable.Range(0, 5).Select(_ => Measure(round)).Min();
    }

    private static long Measure(Action round)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        round();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
