namespace AiRouter.Triton.Grpc;

/// <summary>
/// The deadlines of one call: first response, idle, total. One timer for the whole call; a read only notes the time,
/// and the timer looks at the note when it fires, so no token touches a timer.
/// </summary>
internal sealed class CallDeadline : IDisposable
{
    private const long NotWaiting = long.MinValue;

    private readonly TimeProvider _time;
    private readonly TritonClientOptions _options;
    private readonly CancellationTokenSource _cancellation;
    private readonly long _start;
    private readonly ITimer _timer;
    private long _waitingSince = NotWaiting;
    private bool _hasResponse;
    private int _expired;

    public CallDeadline(TritonClientOptions options, TimeProvider time, CancellationTokenSource cancellation)
    {
        _time = time;
        _options = options;
        _cancellation = cancellation;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(
            static state => ((CallDeadline)state!).OnTimer(), this, NextCheck(0), Timeout.InfiniteTimeSpan);
    }

    /// <summary>The deadline that passed and ended the call.</summary>
    public TritonFailureKind? Expired
    {
        get
        {
            var expired = Volatile.Read(ref _expired);
            return expired == 0 ? null : (TritonFailureKind)(expired - 1);
        }
    }

    /// <summary>The caller waits for a response from now on.</summary>
    public void BeginWait() => Volatile.Write(ref _waitingSince, _time.GetTimestamp());

    /// <summary>The wait is over. While the caller is busy with what it has, the idle time does not run.</summary>
    public void EndWait()
    {
        // In this order, and the timer reads in the opposite one: it must never hold the long wait for the first response
        // against the shorter idle time.
        Volatile.Write(ref _waitingSince, NotWaiting);
        Volatile.Write(ref _hasResponse, true);
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        var now = _time.GetTimestamp();
        var hasResponse = Volatile.Read(ref _hasResponse);
        var waitingSince = Volatile.Read(ref _waitingSince);
        var phase = hasResponse ? _options.IdleTimeout : _options.FirstResponseTimeout;
        var waited = waitingSince == NotWaiting ? TimeSpan.Zero : _time.GetElapsedTime(waitingSince, now);
        if (_time.GetElapsedTime(_start, now) >= _options.TotalTimeout)
        {
            Expire(TritonFailureKind.DeadlineExceeded);
        }
        else if (waited >= phase)
        {
            Expire(hasResponse ? TritonFailureKind.IdleTimeout : TritonFailureKind.FirstResponseTimeout);
        }
        else
        {
            try
            {
                _timer.Change(NextCheck(waited.Ticks), Timeout.InfiniteTimeSpan);
            }
            catch (ObjectDisposedException)
            {
                // The call ended while this ran.
            }
        }
    }

    private TimeSpan NextCheck(long waitedTicks)
    {
        var phase = Volatile.Read(ref _hasResponse) ? _options.IdleTimeout : _options.FirstResponseTimeout;
        var total = _options.TotalTimeout - _time.GetElapsedTime(_start);
        var next = Math.Min(phase.Ticks - waitedTicks, total.Ticks);

        // The first response may come long before its deadline; the idle time counts from then.
        // A day is well inside what a timer can wait for.
        next = Math.Min(next, Math.Min(_options.IdleTimeout.Ticks, TimeSpan.TicksPerDay));
        return TimeSpan.FromTicks(Math.Max(next, TimeSpan.TicksPerMillisecond));
    }

    private void Expire(TritonFailureKind kind)
    {
        if (Interlocked.CompareExchange(ref _expired, (int)kind + 1, 0) == 0)
        {
            try
            {
                _cancellation.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The call ended while this ran.
            }
        }
    }
}
