using System.Net;
using System.Net.Sockets;
using AiRouter.Benchmarks.Sockets;

namespace AiRouter.Benchmarks.Load.Raw;

/// <summary>One connection of <see cref="RawLoad"/>.</summary>
/// <param name="port">The loopback port that is asked.</param>
/// <param name="number">Its number.</param>
internal sealed class RawClient(int port, int number) : IDisposable
{
    private Socket _socket = Connect(port);
    private int _sent;

    /// <summary>Its number.</summary>
    public int Number => number;

    /// <summary>What was asked; null: nothing is under way.</summary>
    public RawRequest? Request { get; private set; }

    /// <summary>What came.</summary>
    public AnswerReader Answer { get; } = new();

    /// <summary>When it was asked, or had to be.</summary>
    public long Since { get; private set; }

    /// <summary>Events that were counted already.</summary>
    public int EventsSeen { get; set; }

    /// <summary>Its socket, for <see cref="EventPoll"/>.</summary>
    public int Descriptor { get; private set; }

    /// <summary>Whether the connection has come to its end.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Has it watched.</summary>
    public void Watch(EventPoll poll)
    {
        Descriptor = (int)_socket.Handle;
        poll.Add(Descriptor, number);
    }

    /// <summary>Connects again.</summary>
    public void Reconnect(EventPoll poll)
    {
        _socket.Dispose();
        _socket = Connect(port);
        (Request, HasEnded) = (null, false);
        Watch(poll);
    }

    /// <summary>Asks.</summary>
    /// <param name="request">What.</param>
    /// <param name="since">When, or when it had to be asked.</param>
    public void Ask(RawRequest request, long since)
    {
        Answer.Reset();
        (Request, Since, EventsSeen, _sent) = (request, since, 0, 0);
        Continue();
    }

    /// <summary>Writes what did not fit before.</summary>
    public void Continue()
    {
        while (Request is { } request && _sent < request.Bytes.Length)
        {
            var count = Linux.Send(Descriptor, request.Bytes.AsSpan(_sent));
            if (count < 0)
            {
                HasEnded |= count == Linux.Broken;
                return;
            }

            _sent += count;
        }
    }

    /// <summary>Reads some of what came.</summary>
    /// <returns>How much; 0: nothing is there, or the connection has ended.</returns>
    public int Read(byte[] buffer)
    {
        var count = Linux.Receive(Descriptor, buffer);
        HasEnded |= count is 0 or Linux.Broken;
        return Math.Max(0, count);
    }

    /// <summary>The answer is complete.</summary>
    public void Finish() => Request = null;

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static Socket Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }
}
