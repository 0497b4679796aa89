using StackExchange.Redis;

namespace AiRouter.Core.Stores;

/// <summary>
/// The one connection to the store. The client library keeps it up once it is there; the first one is asked for again and again by
/// the probe, because with Sentinel there is none before a Sentinel has answered.
/// </summary>
internal sealed class RedisConnection(ConfigurationOptions configuration) : IAsyncDisposable
{
    private Task<ConnectionMultiplexer>? _connecting;
    private volatile ConnectionMultiplexer? _connection;

    /// <summary>Where to send to; null: never connected yet.</summary>
    public ConnectionMultiplexer? Current => _connection;

    /// <summary>The connection, made if need be. Called by one at a time.</summary>
    /// <exception cref="RedisConnectionException">There is none.</exception>
    /// <exception cref="OperationCanceledException">It takes longer than the caller wants to wait; it goes on being made.</exception>
    public async ValueTask<ConnectionMultiplexer> OpenAsync(CancellationToken cancellationToken)
    {
        if (_connection is { } connection)
        {
            return connection;
        }

        if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
        {
            _connecting = ConnectionMultiplexer.ConnectAsync(configuration);
        }

        return _connection = await _connecting.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // Not closed in an orderly way: that waits for a store that hangs.
        if (_connecting is { IsCompletedSuccessfully: true })
        {
            await (await _connecting).CloseAsync(allowCommandsToComplete: false);
        }
    }
}
