using System.Collections.Concurrent;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// The deadlines of one attempt in one cancellation source, which also ends when the client goes. Each wait only writes down until when it
/// may last: the timer looks at that when it fires, and is set anew only where it would fire too late. It stays set when the attempt
/// has ended and the next one takes all of this over, so that in the steady state no attempt touches a timer.
/// </summary>
internal sealed class AttemptDeadline : IDisposable
{
    private const long Never = long.MaxValue;
    private const int MostKept = 1024;

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<AttemptDeadline> _kept;
    private readonly TimeProvider _timeProvider;
    private readonly ITimer _timer;
    private CancellationTokenSource _source = new();
    private CancellationTokenRegistration _registration;
    private CancellationToken _client;
    private TimeoutsConfig _timeouts = new();
    private long _end;
    private long _due = Never;
    private long _fires = Never;

    private AttemptDeadline(ConcurrentQueue<AttemptDeadline> kept, TimeProvider timeProvider)
    {
        _kept = kept;
        _timeProvider = timeProvider;
        _timer = timeProvider.CreateTimer(
            static d => ((AttemptDeadline)d!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider => _timeProvider;

    /// <summary>Ends the wait that it was armed for last.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The wait took too long (and the client is still there).</summary>
    public bool HasExpired => _source.IsCancellationRequested && !_client.IsCancellationRequested;

    /// <summary>It was the client that was waited for, which takes nothing of its answer: no fault of the backend's.</summary>
    public bool WaitsForClient { get; private set; }

    /// <summary>Starts with the wait for the first byte.</summary>
    /// <param name="kept">Those that attempts before have left, by one clock.</param>
    /// <param name="timeouts">How long each wait may last.</param>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="client">The client has gone.</param>
    public static AttemptDeadline Start(
        ConcurrentQueue<AttemptDeadline> kept, TimeoutsConfig timeouts, TimeProvider timeProvider, CancellationToken client)
    {
        if (!kept.TryDequeue(out var deadline))
        {
            deadline = new AttemptDeadline(kept, timeProvider);
        }

        deadline.Start(timeouts, client);
        return deadline;
    }

    /// <summary>The next wait is one for more of an answer that has begun.</summary>
    public void ArmIdle() => Arm(_timeouts.Idle, waitsForClient: false);

    /// <summary>
    /// The next wait is for the client: one that reads slowly does not use up the backend's time, but one that has stopped
    /// reading does not keep a connection to the backend for longer than an answer may take altogether.
    /// </summary>
    public void ArmWrite() => Arm(_timeouts.Total, waitsForClient: true);

    /// <summary>Ends whatever still waits.</summary>
    public Task CancelAsync() => _source.CancelAsync();

    /// <summary>The attempt has ended, and with it all that had its token.</summary>
    public void Dispose()
    {
        _registration.Dispose();
        bool isUsable;
        lock (_lock)
        {
            _due = Never;
            isUsable = _source.TryReset();
        }

        if (isUsable && _kept.Count < MostKept)
        {
            _client = default;
            _kept.Enqueue(this);
            return;
        }

        _timer.Dispose();
        _source.Dispose();
    }

    private void Start(TimeoutsConfig timeouts, CancellationToken client)
    {
        _timeouts = timeouts;
        _client = client;
        _end = After(timeouts.Total);
        Arm(timeouts.FirstByte, waitsForClient: false);
        _registration = client.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    private long After(double seconds) => _timeProvider.GetTimestamp() + (long)(seconds * _timeProvider.TimestampFrequency);

    private void Arm(double seconds, bool waitsForClient)
    {
        WaitsForClient = waitsForClient;
        var due = Math.Min(After(seconds), _end);

        // Either this sees that the timer does not fire (early enough), or the timer sees this.
        Interlocked.Exchange(ref _due, due);
        if (due < Volatile.Read(ref _fires))
        {
            lock (_lock)
            {
                Set(due);
            }
        }
    }

    private void Look()
    {
        // Within the lock to the end: the attempt may be ending just now, and the next one must not be cancelled for it.
        lock (_lock)
        {
            _fires = Never;
            Interlocked.MemoryBarrier();
            var due = Volatile.Read(ref _due);
            if (due == Never)
            {
                return;
            }

            if (_timeProvider.GetTimestamp() >= due)
            {
                _source.Cancel();
            }
            else
            {
                Set(due);
            }
        }
    }

    private void Set(long due)
    {
        _fires = due;
        var wait = _timeProvider.GetElapsedTime(_timeProvider.GetTimestamp(), due);
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
