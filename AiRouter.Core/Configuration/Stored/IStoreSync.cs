namespace AiRouter.Core.Configuration.Stored;

/// <summary>
/// Something that is compared with the store when the process starts, every 10 s, and at once when the store tells of a change or is
/// back (<see cref="StoreSyncLoop"/>).
/// </summary>
internal interface IStoreSync
{
    /// <summary>Compares.</summary>
    /// <exception cref="Stores.StoreUnavailableException">The store is away.</exception>
    ValueTask SyncAsync(CancellationToken cancellationToken);
}
