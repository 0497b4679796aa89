using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace AiRouter.Tests.Fixtures;

/// <summary>
/// The wire to a server: it passes bytes on to the server's port, until a test cuts it, freezes it, lets bytes trickle, or answers
/// connections itself with whatever bytes.
/// </summary>
internal sealed class FaultyWire : IAsyncDisposable
{
    private readonly ConcurrentDictionary<TcpClient, bool> _open = new();
    private readonly CancellationTokenSource _stopping = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    private FaultyWire(int target) => Target = target;

    /// <summary>Where the wire begins.</summary>
    public int Port { get; private set; }

    /// <summary>The loopback port where it ends; for connections made from now on.</summary>
    public int Target { get; set; }

    /// <summary>Answers connections made from now on by hand; null: they are passed on.</summary>
    public Func<NetworkStream, CancellationToken, Task>? Answer { get; set; }

    /// <summary>Bytes that go to the client at a time; null: as they come.</summary>
    public int? Trickle { get; set; }

    /// <summary>Nothing is passed on any more, either way, on connections that stand.</summary>
    public bool IsFrozen { get; set; }

    /// <summary>Connections of clients that stand.</summary>
    public int Connections => _open.Count;

    /// <summary>Begins to listen on a free port.</summary>
    public static FaultyWire Start(int target)
    {
        var wire = new FaultyWire(target);
        wire.Listen();
        return wire;
    }

    /// <summary>Listens, again on the same port after <see cref="Close"/>.</summary>
    public void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    /// <summary>Takes no more connections (they are refused), and cuts those that stand.</summary>
    public void Close()
    {
        _listener?.Stop();
        Cut();
    }

    /// <summary>Cuts what stands: with RST, or as a server does that ends (FIN).</summary>
    public void Cut(bool withReset = true)
    {
        foreach (var client in _open.Keys)
        {
            try
            {
                if (client.Client is not { } socket)
                {
                    continue;
                }

                if (withReset)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    client.Dispose();
                }
                else
                {
                    socket.Shutdown(SocketShutdown.Send);
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It has gone already.
            }
        }
    }

    /// <summary>Sends bytes to the clients that no server sent.</summary>
    public async Task InjectAsync(byte[] bytes)
    {
        foreach (var client in _open.Keys)
        {
            try
            {
                await client.GetStream().WriteAsync(bytes, _stopping.Token);
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // It was cut before, and has not gone yet.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Close();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(_stopping.Token);
                _open[client] = true;
                connections.Add(ServeAsync(client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        try
        {
            client.NoDelay = true;
            if (Answer is { } answer)
            {
                await answer(client.GetStream(), ends.Token);
                return;
            }

            using var server = new TcpClient { NoDelay = true };
            await server.ConnectAsync(IPAddress.Loopback, Target, ends.Token);
            await Task.WhenAny(
                PassAsync(client.GetStream(), server.GetStream(), isAnswer: false, ends.Token),
                PassAsync(server.GetStream(), client.GetStream(), isAnswer: true, ends.Token));
            await ends.CancelAsync();
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or
            ObjectDisposedException or InvalidOperationException or AuthenticationException)
        {
            // One of both has gone, or the test ends.
        }
        finally
        {
            _open.TryRemove(client, out _);
            client.Dispose();
        }
    }

    private async Task PassAsync(NetworkStream from, NetworkStream to, bool isAnswer, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (IsFrozen)
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            var step = isAnswer && Trickle is { } few ? few : read;
            for (var at = 0; at < read; at += step)
            {
                await to.WriteAsync(buffer.AsMemory(at, Math.Min(step, read - at)), cancellationToken);
            }
        }
    }
}
