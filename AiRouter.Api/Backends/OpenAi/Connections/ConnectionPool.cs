using System.Net;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// The connections to one server: the one that was used last is used next, so that the others can end. Who comes when there are as many
/// as there may be waits in line.
/// </summary>
internal sealed class ConnectionPool : IDisposable
{
    private static readonly TimeSpan ClearingPeriod = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly List<SocketConnection> _idle = [];
    private readonly Queue<TaskCompletionSource<SocketConnection?>> _waiting = [];
    private readonly DnsEndPoint _server;
    private readonly SocketSettings _settings;
    private readonly ITimer _clearing;
    private int _count;
    private bool _isDisposed;

    /// <summary>Begins without a connection.</summary>
    public ConnectionPool(DnsEndPoint server, SocketSettings settings)
    {
        _server = server;
        _settings = settings;
        _clearing = settings.TimeProvider.CreateTimer(
            static pool => ((ConnectionPool)pool!).Clear(), this, ClearingPeriod, ClearingPeriod);
    }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => _settings.TimeProvider;

    private long Now => _settings.TimeProvider.GetTimestamp();

    /// <summary>A connection that has been used before, if one is idle.</summary>
    public SocketConnection? TryTake()
    {
        while (true)
        {
            SocketConnection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }

                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }

            if (!HasExpired(connection, Now))
            {
                return connection;
            }

            Close(connection);
        }
    }

    /// <summary>A new connection, or one that becomes free when there may be no more.</summary>
    /// <exception cref="HttpRequestException">There is none to be had.</exception>
    public async ValueTask<SocketConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            TaskCompletionSource<SocketConnection?>? turn = null;
            SocketConnection? connection = null;
            lock (_lock)
            {
                // One may have come back since there was none: nobody else would tell who waits for it.
                if (_idle.Count > 0)
                {
                    connection = _idle[^1];
                    _idle.RemoveAt(_idle.Count - 1);
                }
                else if (_count < _settings.Backend.MaxConnectionsPerReplica)
                {
                    _count++;
                }
                else
                {
                    turn = new TaskCompletionSource<SocketConnection?>(TaskCreationOptions.RunContinuationsAsynchronously);
                    _waiting.Enqueue(turn);
                }
            }

            if (turn is not null)
            {
                connection = await WaitAsync(turn, cancellationToken);
            }

            // A turn without a connection: the place of one that has ended.
            if (connection is null)
            {
                return await OpenAsync(cancellationToken);
            }

            if (!HasExpired(connection, Now))
            {
                return connection;
            }

            Close(connection);
        }
    }

    /// <summary>An answer has been read to its end, and the connection can be used again.</summary>
    public void Return(SocketConnection connection)
    {
        connection.IdleSince = Now;
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var turn))
            {
                if (turn.TrySetResult(connection))
                {
                    return;
                }
            }

            if (!_isDisposed)
            {
                _idle.Add(connection);
                return;
            }
        }

        Close(connection);
    }

    /// <summary>Ends a connection, or the attempt to make one (null).</summary>
    public void Close(SocketConnection? connection)
    {
        connection?.Close();
        lock (_lock)
        {
            while (_waiting.TryDequeue(out var turn))
            {
                if (turn.TrySetResult(null))
                {
                    return;
                }
            }

            _count--;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _clearing.Dispose();
        List<SocketConnection> idle;
        lock (_lock)
        {
            _isDisposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        idle.ForEach(Close);
    }

    private static async Task<SocketConnection?> WaitAsync(
        TaskCompletionSource<SocketConnection?> turn, CancellationToken cancellationToken)
    {
        await using var _ = cancellationToken.UnsafeRegister(
            static (t, token) => ((TaskCompletionSource<SocketConnection?>)t!).TrySetCanceled(token), turn);
        return await turn.Task;
    }

    private async ValueTask<SocketConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var socket = await SocketOpener.OpenAsync(_server, _settings, cancellationToken);
            return new SocketConnection(socket, this, Now);
        }
        catch
        {
            Close(null);
            throw;
        }
    }

    private bool HasExpired(SocketConnection connection, long now) =>
        _settings.TimeProvider.GetElapsedTime(connection.IdleSince, now) >= connection.MaxIdle ||
        _settings.TimeProvider.GetElapsedTime(connection.Opened, now) >= SocketSettings.Lifetime;

    private void Clear()
    {
        List<SocketConnection> expired;
        lock (_lock)
        {
            var now = Now;
            expired = _idle.FindAll(c => HasExpired(c, now));
            _idle.RemoveAll(expired.Contains);
        }

        expired.ForEach(Close);
    }
}
