using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Keys;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Commands;

/// <summary><c>restore</c>: puts this router's copy into a store that has lost what it had (R36).</summary>
internal static class RestoreCommand
{
    public static readonly Command Command = new(
        "restore",
        "puts the copy in AIROUTER_DATA back into a store that was emptied; replaces nothing",
        [],
        null,
        RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        var source = context.Source;
        var store = RedisStoreOptions.FromEnvironment(context.Environment, "airouter-restore");
        if (store is null || source.DataFolder is null)
        {
            await context.Error.WriteLineAsync(
                $"airouter: restore needs {(store is null ? "ConnectionStrings__redis" : "AIROUTER_DATA")}");
            return 1;
        }

        await using var services = Services(source, store);
        await services.GetRequiredService<RedisStore>().StartAsync(CancellationToken.None);
        try
        {
            var outcome = await services.GetRequiredService<SnapshotRestore>().RestoreAsync(CancellationToken.None);
            foreach (var line in outcome.Told)
            {
                await context.Output.WriteLineAsync(line);
            }

            return outcome.IsDone ? 0 : 1;
        }
        catch (StoreUnavailableException away)
        {
            await context.Error.WriteLineAsync($"airouter: {away.Message}");
            return 1;
        }
    }

    private static ServiceProvider Services(RouterConfigurationSource source, RedisStoreOptions store) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton(source)
        .AddStore(store)
        .AddConfigurationStore()
        .AddKeyStore()
        .AddSingleton<StoreSnapshot>()
        .AddSingleton<SnapshotRestore>()
        .BuildServiceProvider();
}
