using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AiRouter.Api.Draining;

/// <summary>The connections of clients, so that a stop can end them while the listener is still open.</summary>
internal sealed class OpenConnections
{
    private readonly ConcurrentDictionary<ConnectionContext, bool> _open = new();

    /// <summary>Runs a connection.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        _open[connection] = true;
        try
        {
            await next(connection);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    }

    /// <summary>
    /// Each connection ends as soon as nothing is under way on it: HTTP/1.1 with <c>Connection: close</c>, HTTP/2 with
    /// GOAWAY.
    /// </summary>
    public void CloseWhenIdle()
    {
        foreach (var (connection, _) in _open)
        {
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
        }
    }

    /// <summary>Ends what is left, such as connections whose clients do not read.</summary>
    public void Abort()
    {
        foreach (var (connection, _) in _open)
        {
            connection.Abort(new ConnectionAbortedException("The router stops."));
        }
    }
}
