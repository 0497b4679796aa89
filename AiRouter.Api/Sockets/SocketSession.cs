using System.Net.WebSockets;
using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Api.Sockets;

/// <summary>
/// A session that is open: what goes up, what comes down, and a watch over time, key and stop. Whoever finds that it ends says so to the
/// <see cref="SessionState"/>; both sides are then told.
/// </summary>
internal sealed partial class SocketSession
{
    private const int LongestReason = 123;

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    // Less than the time that a stop leaves to those it cuts off.
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    private readonly Exchange _exchange;
    private readonly ISessionKind _kind;
    private readonly RealtimeConfig _limits;
    private readonly KeyDirectory _keys;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SessionState _state;
    private readonly TimeSpan _stallTime;
    private readonly SocketSender _toClient;
    private readonly SocketSender _toBackend;
    private ClientKeys _seen;
    private int _ticksWithoutClient;

    /// <summary>Takes both sides, whose sockets stay the caller's to dispose.</summary>
    public SocketSession(
        Exchange exchange, ISessionKind kind, SessionState state, SocketSender toClient, SocketSender toBackend, KeyDirectory keys,
        TimeProvider time, ILogger<SocketSession> logger)
    {
        _exchange = exchange;
        _kind = kind;
        _limits = exchange.State.Server.Realtime;
        _keys = keys;
        _time = time;
        _logger = logger;
        _seen = exchange.Keys;
        _state = state;
        _toClient = toClient;
        _toBackend = toBackend;
        _stallTime = BackendSocket.StallTime(TimeSpan.FromSeconds(exchange.State.Server.KeepAlive));
    }

    /// <summary>Runs it to its end. Returns why it failed, or null.</summary>
    /// <param name="runUp">Reads the client until it has closed or gone.</param>
    /// <param name="runDown">Reads the backend likewise.</param>
    public async Task<ApiError?> RunAsync(Func<CancellationToken, Task> runUp, Func<CancellationToken, Task> runDown)
    {
        using var over = new CancellationTokenSource();
        using var cut = _exchange.Aborted.UnsafeRegister(static s => ((SocketSession)s!).NoteCut(), this);
        var up = runUp(over.Token);
        var down = runDown(over.Token);
        var watch = WatchAsync(over.Token);
        try
        {
            // A pump that has ended has said why, unless it is a bug: that is thrown here.
            await await Task.WhenAny(_state.Ended, up, down, watch);
            var end = await _state.Ended;
            var farewell = Farewell.Of(end, _state, _kind, _limits);
            await (end is SessionEnd.ClientClosed or SessionEnd.BackendClosed ? WaitAsync(end, up, down) : EndAsync(farewell, up, down));
            LogEnded(_exchange.RequestId, _state.Elapsed.TotalSeconds, end, _state.FromClient, _state.FromBackend);
            return farewell.Error;
        }
        finally
        {
            // Whatever still waits for a side gives it up.
            await over.CancelAsync();
            await Task.WhenAll(up, down, watch);
            AccessEntry.Note(_exchange.Http, _state.FromClient, _state.FromBackend);
        }
    }

    /// <summary>One side has closed, and the other has been told: what it still says goes through, until it answers.</summary>
    private async Task WaitAsync(SessionEnd end, Task up, Task down)
    {
        var isClients = end == SessionEnd.ClientClosed;
        using var most = new CancellationTokenSource(CloseTime, _time);
        await (isClients ? down : up).WaitAsync(most.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // It has not answered: whoever closed is answered all the same.
        using var last = new CancellationTokenSource(CloseTime, _time);
        await (isClients ? _toClient : _toBackend).TryCloseAsync(WebSocketCloseStatus.NormalClosure, null, last.Token);
    }

    /// <summary>Tells both sides, and waits a little for their answers.</summary>
    private async Task EndAsync(Farewell farewell, Task up, Task down)
    {
        using var most = new CancellationTokenSource(CloseTime, _time);
        var toBackend = _toBackend.TryCloseAsync(farewell.ToBackend, null, most.Token);
        if (farewell.Event is { } last)
        {
            // In the middle of a message that does not go on there is no place for it; the close frame needs none.
            using var words = new CancellationTokenSource(CloseTime / 2, _time);
            await _toClient.TrySendOwnAsync(last, words.Token);
        }

        await _toClient.TryCloseAsync(farewell.ToClient, null, most.Token);
        await toBackend;
        await Task.WhenAll(up, down).WaitAsync(most.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Tick, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (Look() is { } end)
                {
                    _state.End(end);
                }
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The session has ended.
        }
    }

    private SessionEnd? Look() =>
        _state.Elapsed >= _state.Most ? SessionEnd.TimeOver
        : IsSilent() ? SessionEnd.Silent
        : HasKeyEnded() ? SessionEnd.KeyEnded
        : _toClient.Stalled >= _stallTime || _state.IsGatheredTooLong || HasClientGone() ? SessionEnd.ClientGone
        : _toBackend.Stalled >= _stallTime ? SessionEnd.BackendGone
        : _kind.Look();

    private bool IsSilent()
    {
        if (_kind.IsBusy)
        {
            _state.Touch();
        }

        return _state.IsSilent;
    }

    /// <summary>The keys are looked through only when there are others than before.</summary>
    private bool HasKeyEnded()
    {
        if (_exchange.Client is not { } client)
        {
            return false;
        }

        var now = _time.GetUtcNow();
        var current = _keys.Current;
        if (!ReferenceEquals(current, _seen))
        {
            _seen = current;
            if (current.MatchId(client.Id, now).Good is null)
            {
                return true;
            }
        }

        return now >= client.Expires;
    }

    /// <summary>The connection is gone and nobody has met its end, because what came before it waits for the backend.</summary>
    private bool HasClientGone() => _exchange.Http.RequestAborted.IsCancellationRequested && _ticksWithoutClient++ > 0;

    /// <summary>Whether the client has gone is its pump's to find out, which may still have a close frame to read.</summary>
    private void NoteCut()
    {
        if (_exchange.BrokenOff is { Cause: ErrorCause.Draining })
        {
            _state.End(SessionEnd.Draining);
        }
    }

    /// <summary>What a close frame has room for.</summary>
    public static string? Fitting(string? reason)
    {
        while (reason is { Length: > 0 } && Encoding.UTF8.GetByteCount(reason) > LongestReason)
        {
            reason = reason[..^1];
        }

        return reason;
    }

    [LoggerMessage(2601, LogLevel.Information,
        "Session {RequestId} ended after {Seconds} s: {End}; {FromClient} bytes came from the client, {FromBackend} from the backend")]
    private partial void LogEnded(string requestId, double seconds, SessionEnd end, long fromClient, long fromBackend);
}
