using Microsoft.Extensions.Logging;

namespace AiRouter.Triton.Grpc;

/// <summary>
/// The connections to one server. They are channels of their own, because SocketsHttpHandler opens a second HTTP/2
/// connection only when the server limits streams, and Triton does not (measured).
/// </summary>
internal sealed class TritonChannels : IDisposable
{
    private readonly TritonClientOptions _options;
    private readonly ILoggerFactory _loggerFactory;
    private readonly Action _reconnected;
    private readonly TritonChannel[] _channels;
    private readonly Lock _replacing = new();
    private bool _isDisposed;
    private uint _turn;

    public TritonChannels(TritonClientOptions options, ILoggerFactory loggerFactory, Action reconnected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1);
        _options = options;
        _loggerFactory = loggerFactory;
        _reconnected = reconnected;
        _channels = new TritonChannel[options.Connections];
        for (var i = 0; i < _channels.Length; i++)
        {
            _channels[i] = new TritonChannel(options, loggerFactory, reconnected);
        }
    }

    /// <summary>
    /// Takes the channel with the fewest calls in flight, in turn among equals, and counts a call on it.
    /// </summary>
    public TritonChannel Begin()
    {
        while (true)
        {
            var best = Best();

            // It may just have been replaced.
            if (best.TryBegin())
            {
                return best;
            }
        }
    }

    /// <summary>
    /// A call on the channel got no answer in time: its connection may be dead without anybody having said so, and a ping would not
    /// tell for minutes (<see cref="ConnectionHandlers"/>). So no further call begins on it; those that run have the time that they
    /// have.
    /// </summary>
    public void Replace(TritonChannel suspect)
    {
        lock (_replacing)
        {
            var at = Array.IndexOf(_channels, suspect);
            if (at < 0 || _isDisposed)
            {
                return;
            }

            Volatile.Write(ref _channels[at], new TritonChannel(_options, _loggerFactory, _reconnected, isReplacement: true));
        }

        suspect.Retire();
    }

    public void Dispose()
    {
        lock (_replacing)
        {
            _isDisposed = true;
        }

        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }

    private TritonChannel Best()
    {
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)_channels.Length);
        var best = Volatile.Read(ref _channels[first]);
        for (var i = 1; i < _channels.Length; i++)
        {
            var candidate = Volatile.Read(ref _channels[(first + i) % _channels.Length]);
            best = candidate.InFlight < best.InFlight ? candidate : best;
        }

        return best;
    }
}
