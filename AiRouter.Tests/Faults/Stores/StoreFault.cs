using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults.Stores;

/// <summary>A fault of the store while fifty clients ask, from which rows of the table are made.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Begin">Lets it happen.</param>
/// <param name="End">Ends it.</param>
internal sealed record StoreFault(string Name, Func<StoreServer, Task> Begin, Func<StoreServer, Task> End)
{
    // More at a time would only measure the machine.
    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>The store keeps what it was told.</summary>
    public bool Keeps { get; init; } = true;

    /// <summary>The store answers while it lasts.</summary>
    public bool Answers { get; init; }

    /// <summary><c>limits.onStoreFailure</c>.</summary>
    public string Mode { get; init; } = "local";

    /// <summary>With which stores.</summary>
    public StoreKind[] Kinds { get; init; } = [StoreKind.Redis, StoreKind.Garnet];

    /// <summary>One for each store.</summary>
    public IEnumerable<FaultCase> Rows =>
        from kind in Kinds
        select new FaultCase(
            $"{(kind == StoreKind.Redis ? "Redis" : "Embedded store")} {Name}",
            Mode == "local" ? "under load" : $"under load, onStoreFailure: {Mode}",
            Expected,
            () => RunAsync(kind));

    private FaultOutcome Expected => new(
        Mode == "closed" ? "503 `limits_unavailable` while it is away" : "the right answer, or 429 where no place is left",
        Keeps
            ? "goes on at once, and every token and every cent is counted afterwards"
            : "goes on at once, and counts what comes behind it");

    private async Task<FaultOutcome> RunAsync(StoreKind kind)
    {
        await Turns.WaitAsync();
        try
        {
            await RunInTurnAsync(kind);
            return Expected;
        }
        finally
        {
            Turns.Release();
        }
    }

    private async Task RunInTurnAsync(StoreKind kind)
    {
        await using var server = kind == StoreKind.Redis
            ? await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always")
            : await StoreServers.StartOwnAsync(kind);
        await using var load = await StoreLoad.StartAsync(server, Mode);
        await load.AllAskAsync(3);
        load.EndPhase("before");

        await Begin(server);
        if (!Answers)
        {
            // Every client goes on although the store is away: nobody hangs on it.
            await load.AllAskAsync(1);
            await Eventually.HoldsAsync(() => !load.IsStoreThere);
            load.EndPhase("going away");
            await load.AllAskAsync(3);
        }

        load.EndPhase("away");
        await End(server);
        await Eventually.HoldsAsync(() => load.IsStoreThere);
        load.EndPhase("coming back");
        await load.AllAskAsync(3);
        await load.StopAsync();
        await load.CheckAsync(Keeps, Mode);
        await LeakCheck.HoldsNothingAsync(load.Router);
    }
}
