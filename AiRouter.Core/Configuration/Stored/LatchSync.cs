using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using StackExchange.Redis;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// Tells the store that a client key has existed, and is told so by it (R1): with the first key anywhere, <c>authentication: auto</c>
/// is closed for every router of the installation. It is told again and again, so that it outlives a store that was emptied.
/// </summary>
internal sealed class LatchSync(IStore store, AuthenticationLatch latch) : IStoreSync
{
    private static readonly StoreScript Latch = new("Configuration/Stored/latch.lua");

    private readonly RedisKey[] _keys = [store.Key("keys:latch"), store.Key("keys:existed")];

    public async ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        var hasExisted = (bool)await store.RunAsync(
            Latch, _keys, [latch.HasSeenKey ? "1" : "0"], StoreDeadlines.Background, cancellationToken);
        latch.ObserveStore(hasExisted);
    }
}
