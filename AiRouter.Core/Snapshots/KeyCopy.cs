using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using Microsoft.Extensions.Hosting;

namespace AiRouter.Core.Snapshots;

/// <summary>The keys' part of the router's own copy: handed to the directory of keys at the start, kept up to date by it.</summary>
internal sealed class KeyCopy(StoreSnapshot snapshot, KeyDirectory keys) : IHostedService, IStoreSync, IReplicaReportSource, IDisposable
{
    private IDisposable? _changes;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (snapshot.Keys is { } copy)
        {
            keys.Restore(copy, snapshot.KeysConfirmed);
        }

        _changes = keys.OnChange(Keep);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask SyncAsync(CancellationToken cancellationToken)
    {
        Keep();
        return ValueTask.CompletedTask;
    }

    public ReplicaReport AddTo(ReplicaReport report) => report with { KeysVersion = keys.Version };

    public void Dispose() => _changes?.Dispose();

    private void Keep()
    {
        if (keys.Copy is { } copy)
        {
            snapshot.Keep(copy, keys.SeenAt);
        }
    }
}
