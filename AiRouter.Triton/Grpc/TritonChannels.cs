using Microsoft.Extensions.Logging;

namespace AiRouter.Triton.Grpc;

/// <summary>
/// The connections to one server. They are channels of their own, because SocketsHttpHandler opens a second HTTP/2
/// connection only when the server limits streams, and Triton does not (measured).
/// </summary>
internal sealed class TritonChannels : IDisposable
{
    private readonly TritonChannel[] _channels;
    private uint _turn;

    public TritonChannels(TritonClientOptions options, ILoggerFactory loggerFactory, Action reconnected)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Connections, 1);
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
        var first = (int)(Interlocked.Increment(ref _turn) % (uint)_channels.Length);
        var best = _channels[first];
        for (var i = 1; i < _channels.Length; i++)
        {
            var candidate = _channels[(first + i) % _channels.Length];
            best = candidate.InFlight < best.InFlight ? candidate : best;
        }

        best.Begin();
        return best;
    }

    public void Dispose()
    {
        foreach (var channel in _channels)
        {
            channel.Dispose();
        }
    }
}
