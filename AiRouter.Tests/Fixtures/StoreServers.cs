using AiRouter.Core.Stores;
using Microsoft.Extensions.Logging.Abstractions;

[assembly: AssemblyFixture(typeof(AiRouter.Tests.Fixtures.StoreServers))]

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// The servers that store tests share: started with the first test that needs them. Tests keep apart by prefixes of their own. A test
/// that kills, stops or empties a server starts one of its own.
/// </summary>
public sealed class StoreServers : IAsyncDisposable
{
    private readonly Lazy<Task<RedisServer>> _redis = new(() => RedisServer.StartAsync());
    private readonly Lazy<Task<GarnetServer>> _garnet = new(GarnetServer.StartAsync);

    /// <summary>The connection string of the shared server of a kind.</summary>
    public async Task<string> ConnectionStringAsync(StoreKind kind) => kind switch
    {
        StoreKind.Redis => (await _redis.Value).ConnectionString,
        StoreKind.Garnet => (await _garnet.Value).ConnectionString,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>A server of the test's own, for a test that kills, freezes or empties it.</summary>
    internal static async Task<StoreServer> StartOwnAsync(StoreKind kind) =>
        kind == StoreKind.Redis ? await RedisServer.StartAsync() : await GarnetServer.StartAsync();

    /// <summary>A connected store with a prefix of its own.</summary>
    /// <param name="kind">On which server.</param>
    /// <param name="clock">The time that scripts see; null: the server's.</param>
    /// <param name="prefix">To share with another store; null: a new one.</param>
    public async Task<RedisStore> OpenAsync(StoreKind kind, TimeProvider? clock = null, string? prefix = null) =>
        await OpenAsync(await ConnectionStringAsync(kind), clock, prefix);

    /// <summary>A store connected to a server of the test's own.</summary>
    internal static Task<RedisStore> OpenAsync(StoreServer server) => OpenAsync(server.ConnectionString, null, null);

    private static async Task<RedisStore> OpenAsync(string connectionString, TimeProvider? clock, string? prefix)
    {
        var options = new RedisStoreOptions { ConnectionString = connectionString, Prefix = prefix ?? Guid.NewGuid().ToString("N") };
        var store = new RedisStore(options, TimeProvider.System, NullLogger<RedisStore>.Instance) { Clock = clock };
        await store.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        if (_redis is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _redis.Value).DisposeAsync();
        }

        if (_garnet is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _garnet.Value).DisposeAsync();
        }
    }
}

/// <summary>What speaks the store's protocol.</summary>
public enum StoreKind
{
    /// <summary>redis-server.</summary>
    Redis,

    /// <summary>The embedded store of one machine.</summary>
    Garnet,
}
