using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// The way over plain sockets, for <c>http</c>: HTTP/1.1, one request at a time on a connection. It does what .NET's client does for
/// us, and nothing else, for less than half of its time (ADR 30).
/// </summary>
/// <param name="settings">How connections are made and kept.</param>
internal sealed class SocketUpstream(SocketSettings settings) : IUpstream
{
    // One server in nearly all cases; single paths may be configured to go elsewhere.
    private readonly ConcurrentDictionary<string, Lazy<ConnectionPool>> _pools = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var pool = PoolOf(request.Address);
        while (true)
        {
            // A receive that is cancelled before it begins looks like a connection that has ended: each idle one would be closed for it.
            cancellationToken.ThrowIfCancellationRequested();
            var connection = pool.TryTake() ?? await pool.ConnectAsync(cancellationToken);
            if (await connection.SendAsync(request, cancellationToken) is { } response)
            {
                return response;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Value.Dispose();
        }
    }

    private ConnectionPool PoolOf(UpstreamAddress address) =>
        (_pools.TryGetValue(address.Authority, out var pool) ? pool : _pools.GetOrAdd(
            address.Authority, new Lazy<ConnectionPool>(() => new ConnectionPool(address.EndPoint, settings)))).Value;
}
