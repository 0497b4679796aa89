using System.Collections.Concurrent;

namespace AiRouter.Api.Streaming;

/// <summary>
/// One timer for all streams: every half second it looks which ones have been silent for too long and has them send a
/// comment line (R27), and ends those whose client does not take what was sent. A timer per stream would cost an
/// allocation and two timer operations per token.
/// </summary>
internal sealed partial class KeepAliveClock : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(5);

    // A client that does not read holds a backend, its limits and a place. The server's own minimum rate is no help: it
    // gives time for every byte that went into the sockets' buffers, which is hours. An event of several MiB (an image)
    // has longer: it takes minutes on a slow link.
    private const double SlowestLink = 16 * 1024;
    private static readonly TimeSpan LongestFlush = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<EventStream, bool> _streams = new();
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<KeepAliveClock> _logger;
    private readonly ITimer _timer;

    /// <summary>Starts ticking.</summary>
    public KeepAliveClock(TimeProvider timeProvider, ILogger<KeepAliveClock> logger)
    {
        _timeProvider = timeProvider;
        _logger = logger;
        _timer = timeProvider.CreateTimer(static state => ((KeepAliveClock)state!).Tick(), this, Period, Period);
    }

    /// <summary>The clock's time, for <see cref="EventStream.LastWrite"/>.</summary>
    public long Now => _timeProvider.GetTimestamp();

    /// <summary>Streams that are open now.</summary>
    public int Count => _streams.Count;

    /// <summary>Looks after a stream from now on.</summary>
    public void Watch(EventStream stream) => _streams[stream] = true;

    /// <summary>The stream has ended.</summary>
    public void Forget(EventStream stream) => _streams.TryRemove(stream, out _);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Tick()
    {
        foreach (var (stream, _) in _streams)
        {
            if (stream.IsFlushing && _timeProvider.GetElapsedTime(stream.LastWrite)
                >= LongestFlush + TimeSpan.FromSeconds(stream.Flushing / SlowestLink))
            {
                stream.Abort();
                continue;
            }

            var limit = stream.IsCommitted ? stream.KeepAlive : stream.CommitAfter;
            if (_timeProvider.GetElapsedTime(stream.LastWrite) >= limit)
            {
                _ = CommentAsync(stream);
            }
        }
    }

    private async Task CommentAsync(EventStream stream)
    {
        try
        {
            using var deadline = new CancellationTokenSource(WriteDeadline, _timeProvider);
            await stream.CommentAsync(deadline.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException
            or ObjectDisposedException)
        {
            // The client does not read or has gone; the producer's next write finds that out and says so.
            LogNotDelivered(exception);
        }
    }

    [LoggerMessage(2031, LogLevel.Trace, "A keep-alive comment was not delivered")]
    private partial void LogNotDelivered(Exception exception);
}
