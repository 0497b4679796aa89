using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AiRouter.TritonSimulator.Services;

/// <summary>The open connections, to count and to close them.</summary>
internal sealed class ConnectionList
{
    private readonly ConcurrentDictionary<string, ConnectionContext> _open = new();
    private int _accepted;

    public int Open => _open.Count;

    public int Accepted => Volatile.Read(ref _accepted);

    public async Task TrackAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        Interlocked.Increment(ref _accepted);
        _open[connection.ConnectionId] = connection;
        try
        {
            await next(connection);
        }
        finally
        {
            _open.TryRemove(connection.ConnectionId, out _);
        }
    }

    /// <summary>GOAWAY: requests in flight may end, new ones need a new connection.</summary>
    public void GoAway()
    {
        foreach (var connection in _open.Values)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
    }

    public void Drop()
    {
        foreach (var connection in _open.Values)
        {
            connection.Abort();
        }
    }
}
