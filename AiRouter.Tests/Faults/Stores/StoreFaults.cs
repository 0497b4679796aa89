using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults.Stores;

/// <summary>A store that dies, hangs, starts anew or forgets while fifty clients ask.</summary>
internal static class StoreFaults
{
    /// <summary>The rows.</summary>
    public static IEnumerable<FaultCase> Rows => All.SelectMany(static f => f.Rows);

    private static IEnumerable<StoreFault> All =>
    [
        new("killed, and started again", static s => s.KillAsync(), static s => s.StartAgainAsync()) { Kinds = [StoreKind.Redis] },
        new("frozen, and thawed", static s => Done(s.Freeze), static s => Done(s.Thaw)),
        new("ended, and started again", static s => s.StopAsync(), static s => s.StartAgainAsync()) { Kinds = [StoreKind.Garnet] },
        new("emptied", static s => s.ExecuteAsync("FLUSHALL"), static _ => Task.CompletedTask) { Keeps = false, Answers = true },
        new("frozen, and thawed", static s => Done(s.Freeze), static s => Done(s.Thaw)) { Mode = "closed", Kinds = [StoreKind.Redis] },
    ];

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
