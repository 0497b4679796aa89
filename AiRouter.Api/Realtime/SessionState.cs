using AiRouter.Core.Configuration;

namespace AiRouter.Api.Realtime;

/// <summary>What both directions of a session and its watch share: what has gone through it, and whether it goes on.</summary>
internal sealed class SessionState(RealtimeConfig limits, TimeSpan backendTime, TimeProvider time)
{
    private const long MiB = 1024 * 1024;

    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _idle = TimeSpan.FromSeconds(limits.IdleSeconds);
    private readonly long _started = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private long _fromClient;
    private long _fromBackend;
    private volatile bool _isOver;

    /// <summary>Why it ended, once it has.</summary>
    public Task<SessionEnd> Ended => _end.Task;

    /// <summary>What still comes goes nowhere: the router ends the session, not one of its sides.</summary>
    public bool IsOver => _isOver;

    /// <summary>How long it may last.</summary>
    public TimeSpan Most { get; } = Shorter(TimeSpan.FromSeconds(limits.MaxSeconds), backendTime);

    /// <summary>The payload bytes that the client has sent.</summary>
    public long FromClient => Interlocked.Read(ref _fromClient);

    /// <summary>The payload bytes that the backend has sent.</summary>
    public long FromBackend => Interlocked.Read(ref _fromBackend);

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Whether nothing has come for as long as that may be.</summary>
    public bool IsSilent => time.GetElapsedTime(Volatile.Read(ref _last)) >= _idle;

    /// <summary>It ends; what is said first counts.</summary>
    public void End(SessionEnd end)
    {
        _isOver |= end is not (SessionEnd.ClientClosed or SessionEnd.BackendClosed);
        _end.TrySetResult(end);
    }

    /// <summary>Counts a piece of a message, and ends the session that has had too much.</summary>
    public void Add(int bytes, bool isClients)
    {
        Volatile.Write(ref _last, time.GetTimestamp());
        Interlocked.Add(ref isClients ? ref _fromClient : ref _fromBackend, bytes);
        if (FromClient + FromBackend > limits.MaxMiB * MiB)
        {
            End(SessionEnd.TooMuch);
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
