using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiRouter.Benchmarks.Sockets;

namespace AiRouter.Benchmarks.Upstreams.Raw;

/// <summary>An OpenAI-compatible backend that costs as little as one can: one thread, bytes made before, one write for
/// each chunk. Linux only.</summary>
/// <param name="port">The loopback port that it listens on.</param>
internal sealed class RawUpstream(int port)
{
    private readonly List<RawConnection?> _connections = [];
    private readonly PriorityQueue<RawConnection, long> _paced = new();
    private readonly byte[] _buffer = new byte[256 * 1024];

    // Streams that are written as fast as they are taken: one chunk each in turn, as a model that works on a batch does.
    private List<RawConnection> _eager = [];
    private List<RawConnection> _stillEager = [];

    /// <summary>Serves until the process ends.</summary>
    public void Run(Action listening)
    {
        Linux.WakeExactly();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen(4096);
        using var poll = new EventPoll();
        poll.Add((int)listener.Handle, -1);
        listening();
        while (true)
        {
            var count = poll.Wait(Timeout());
            for (var i = 0; i < count; i++)
            {
                if (poll.Token(i) is >= 0 and var number)
                {
                    Serve(number, poll.IsEnding(i));
                }
                else
                {
                    Accept(listener, poll);
                }
            }

            WriteEager();
            WritePaced();
        }
    }

    private long Timeout() => _eager.Count > 0 ? 0
        : _paced.TryPeek(out _, out var due) ? Math.Max(0, due - Stopwatch.GetTimestamp()) : -1;

    private void Accept(Socket listener, EventPoll poll)
    {
        // Edge-triggered: all that wait are taken.
        while (listener.Poll(0, SelectMode.SelectRead))
        {
            var socket = listener.Accept();
            socket.NoDelay = true;
            _connections.Add(new RawConnection(socket));
            poll.Add((int)socket.Handle, _connections.Count - 1);
        }
    }

    private void Serve(int number, bool isEnding)
    {
        if (_connections[number] is not { } connection)
        {
            return;
        }

        var due = connection.Due;
        var eager = connection.IsEager;
        connection.Continue(_buffer, isEnding);
        if (connection.IsClosed)
        {
            connection.Dispose();
            _connections[number] = null;
            return;
        }

        if (connection.Due != due && connection.Due > 0)
        {
            _paced.Enqueue(connection, connection.Due);
        }

        if (connection.IsEager && !eager)
        {
            _eager.Add(connection);
        }
    }

    private void WriteEager()
    {
        foreach (var connection in _eager)
        {
            if (connection.IsEager)
            {
                connection.WriteChunk();
            }

            if (connection.IsEager)
            {
                _stillEager.Add(connection);
            }
        }

        (_eager, _stillEager) = (_stillEager, _eager);
        _stillEager.Clear();
    }

    private void WritePaced()
    {
        var now = Stopwatch.GetTimestamp();
        while (_paced.TryPeek(out var connection, out var due) && due <= now)
        {
            _paced.Dequeue();

            // The stream may have been left, and another begun.
            if (connection.IsClosed || connection.Due != due)
            {
                continue;
            }

            connection.WriteChunk();
            if (connection.Due > 0)
            {
                _paced.Enqueue(connection, connection.Due);
            }
        }
    }
}
