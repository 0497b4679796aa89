using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets;

/// <summary>What both directions of a session and its watch share: what has gone through it, and whether it goes on.</summary>
/// <param name="server">Its limits.</param>
/// <param name="backendTime">How long the backend lets it last.</param>
/// <param name="budget">What large events are gathered out of.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionState(ServerConfig server, TimeSpan backendTime, BodyBudget budget, TimeProvider time)
{
    private const long MiB = 1024 * 1024;

    // Memory is held meanwhile; whoever is slower than this would hold it for its own sake.
    private static readonly TimeSpan MessageTime = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<SessionEnd> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeSpan _idle = TimeSpan.FromSeconds(server.Realtime.IdleSeconds);
    private readonly long _started = time.GetTimestamp();
    private long _last = time.GetTimestamp();
    private long _gatheredSince;
    private long _fromClient;
    private long _fromBackend;
    private volatile bool _isOver;

    /// <summary>Why it ended, once it has.</summary>
    public Task<SessionEnd> Ended => _end.Task;

    /// <summary>What still comes goes nowhere: the router ends the session, not one of its sides.</summary>
    public bool IsOver => _isOver;

    /// <summary>How long it may last.</summary>
    public TimeSpan Most { get; } = Shorter(TimeSpan.FromSeconds(server.Realtime.MaxSeconds), backendTime);

    /// <summary>The payload bytes that the client has sent.</summary>
    public long FromClient => Interlocked.Read(ref _fromClient);

    /// <summary>The payload bytes that the backend has sent.</summary>
    public long FromBackend => Interlocked.Read(ref _fromBackend);

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Whether nothing has come for as long as that may be.</summary>
    public bool IsSilent => time.GetElapsedTime(Volatile.Read(ref _last)) >= _idle;

    /// <summary>Whether the client has been sending one message for longer than it may.</summary>
    public bool IsGatheredTooLong =>
        Volatile.Read(ref _gatheredSince) is not 0 and var since && time.GetElapsedTime(since) >= MessageTime;

    /// <summary>What a message is gathered in.</summary>
    public EventBuffer NewBuffer() => new(budget, server.MaxBufferedMiB * MiB);

    /// <summary>It ends; what is said first counts.</summary>
    public void End(SessionEnd end)
    {
        if (_end.TrySetResult(end) && end is not (SessionEnd.ClientClosed or SessionEnd.BackendClosed))
        {
            _isOver = true;
        }
    }

    /// <summary>The session is not silent, whatever its sides send.</summary>
    public void Touch() => Volatile.Write(ref _last, time.GetTimestamp());

    /// <summary>Counts a piece of a message, and ends the session that has had too much.</summary>
    public void Add(int bytes, bool isClients)
    {
        Touch();
        Interlocked.Add(ref isClients ? ref _fromClient : ref _fromBackend, bytes);
        if (FromClient + FromBackend > server.Realtime.MaxMiB * MiB)
        {
            End(SessionEnd.TooMuch);
        }
    }

    /// <summary>A large message of the client's is being gathered, or is not any more.</summary>
    public void NoteGathering(bool isGathering)
    {
        if (!isGathering)
        {
            Volatile.Write(ref _gatheredSince, 0);
        }
        else if (_gatheredSince == 0)
        {
            Volatile.Write(ref _gatheredSince, time.GetTimestamp());
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
