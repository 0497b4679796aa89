using System.Diagnostics;
using System.Net.WebSockets;
using AiRouter.Api.Draining;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>
/// A WebSocket of the Responses API: reads what the client asks, has each turn handled like a request, and knows which of them are under
/// way. While one waits for its place nothing more is read, so that turns reach the backend in their order.
/// </summary>
internal sealed class TurnSession : ISessionKind, IDisposable
{
    /// <summary>Why turns end whose backend has gone.</summary>
    public static readonly ApiError BrokenOff =
        new(ErrorCause.BackendStreamBroken, "The backend's connection broke off before the response was complete.")
        {
            Stage = AttemptStage.Answered,
        };

    /// <summary>The most turns that one connection has under way.</summary>
    private const int MostTurns = 32;

    private static readonly ApiError TooMany = new(
        ErrorCause.ConcurrencyExceeded, $"A connection has {MostTurns} responses under way at most. Wait for one of them to end.");

    private readonly HttpContext _http;
    private readonly RequestDelegate _handle;
    private readonly TurnMessages _messages;
    private readonly SessionState _state;
    private readonly SocketSender _toClient;
    private readonly SocketSender _toBackend;
    private readonly Drain _drain;
    private readonly CancellationTokenSource _gone = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _running = [];
    private readonly List<Turn> _sent = [];

    /// <summary>Takes the client's side, whose socket stays the caller's to dispose.</summary>
    public TurnSession(
        HttpContext http, RequestDelegate handle, WebSocket client, SocketSender toClient, SocketSender toBackend, ServerConfig server,
        SessionState state, BodyBudget budget, Drain drain)
    {
        _http = http;
        _handle = handle;
        _messages = new TurnMessages(client, state, budget, server);
        _state = state;
        _toClient = toClient;
        _toBackend = toBackend;
        _drain = drain;
        Link = new BackendLink(this, state, toClient, toBackend);
    }

    /// <summary>The connection to the backend.</summary>
    public BackendLink Link { get; }

    /// <inheritdoc/>
    public string ExpiredCode => "websocket_connection_limit_reached";

    /// <inheritdoc/>
    public bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _running.Count > 0;
            }
        }
    }

    /// <inheritdoc/>
    public byte[] Error(string type, string code, string message, int status) => TurnErrors.Event(type, code, message, status);

    /// <summary>A connection on which nothing is under way does not hold a stop up.</summary>
    public SessionEnd? Look() => _drain.HasBegun && !IsBusy ? SessionEnd.Stopping : null;

    /// <summary>Reads the client until it has closed or gone; what it still waits for then ends.</summary>
    public async Task RunAsync(CancellationToken over)
    {
        // What is being told when the session ends is not waited for.
        await using var ends = over.UnsafeRegister(static gone => ((CancellationTokenSource)gone!).Cancel(), _gone);
        try
        {
            while (await TakeNextAsync(over))
            {
            }
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            _state.End(SessionEnd.ClientGone);
        }
        finally
        {
            Link.GiveUp();
            await _gone.CancelAsync();
        }
    }

    /// <summary>Completes when no turn is under way any more; each has been told to end.</summary>
    public Task EndedAsync()
    {
        lock (_lock)
        {
            return Task.WhenAll(_running);
        }
    }

    /// <summary>Tells the client of an error, unless the session's end is being told.</summary>
    public async ValueTask TellAsync(ApiError error, string? stream)
    {
        if (!_state.Ended.IsCompleted)
        {
            await _toClient.TrySendOwnAsync(TurnErrors.Event(error, stream), _gone.Token);
        }
    }

    /// <summary>A turn is sent now.</summary>
    public void Add(Turn turn)
    {
        lock (_lock)
        {
            _sent.Add(turn);
        }
    }

    /// <summary>It has ended.</summary>
    public void Remove(Turn turn)
    {
        lock (_lock)
        {
            _sent.Remove(turn);
        }
    }

    /// <summary>Whose an event is: backends answer the turns of one stream in their order. Null: nobody's.</summary>
    public Turn? Find(string? stream)
    {
        lock (_lock)
        {
            return _sent.Find(t => t.Stream == stream) ?? (_sent.Count == 1 ? _sent[0] : null);
        }
    }

    /// <summary>The backend has sent something.</summary>
    public void TouchTurns()
    {
        foreach (var turn in Sent())
        {
            turn.Touch();
        }
    }

    /// <summary>An event was too large to be read, and may have been a last one: nobody waits for that.</summary>
    public void NoteUnread()
    {
        if (Sent() is [var only])
        {
            only.End(null);
        }
    }

    /// <summary>The backend says nothing any more.</summary>
    public void Break()
    {
        // Where the router has ended the session, what is under way is charged all the same, but tells nothing of the backend.
        var why = _state.IsOver && _state.Ended.Result is not (SessionEnd.BackendGone or SessionEnd.BackendSlow)
            ? DrainErrors.ClientGone
            : BrokenOff;
        foreach (var turn in Sent())
        {
            turn.End(why);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Link.Dispose();
        _gone.Dispose();
    }

    private Turn[] Sent()
    {
        lock (_lock)
        {
            return [.. _sent];
        }
    }

    /// <summary>The next message. False: there is none any more.</summary>
    private async ValueTask<bool> TakeNextAsync(CancellationToken over)
    {
        var message = await _messages.ReadAsync(over);
        if (message.IsClose)
        {
            if (!_state.IsOver)
            {
                await _toBackend.TryCloseAsync(_messages.CloseStatus, SocketSession.Fitting(_messages.CloseReason), over);
            }

            _state.End(SessionEnd.ClientClosed);
            return false;
        }

        if (_state.IsOver)
        {
            message.Bytes?.Dispose();
            return true;
        }

        var (turn, stream, error) = await TurnMessages.ParseAsync(this, message);
        if (turn is null)
        {
            await TellAsync(error!, stream);
            return true;
        }

        Task run;
        lock (_lock)
        {
            run = _running.Count < MostTurns ? HandleAsync(turn) : RefuseAsync(turn);
            _running.Add(run);
        }

        _ = ForgetAsync(run);
        await Task.WhenAny(turn.Left, run).WaitAsync(over);
        return true;
    }

    private async Task ForgetAsync(Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
        {
            _running.Remove(run);
        }
    }

    private async Task RefuseAsync(Turn turn)
    {
        await Task.Yield();
        using var refused = turn;
        await TellAsync(TooMany, turn.Stream);
    }

    /// <summary>Handles a turn as a request of its own.</summary>
    private async Task HandleAsync(Turn turn)
    {
        // Not in the span of the WebSocket, nor on the thread that reads it.
        await Task.Yield();
        Activity.Current = null;
        using var handled = turn;
        var http = TurnRequest.Of(_http, turn, _gone.Token);
        await _handle(http);
        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError && !turn.IsTold)
        {
            await turn.TellAsync(new ApiError(ErrorCause.Internal, "The router failed to handle the request."));
        }

        if (turn is { SessionEnd: { } end } && (end != SessionEnd.Unserved || Link.Backend is null))
        {
            _state.End(end);
        }
    }
}
