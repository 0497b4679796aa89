using System.Buffers;
using System.IO.Pipelines;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Streaming;

/// <summary>
/// A response as a stream of server-sent events. Nothing goes out before the first event (so an early failure keeps its own
/// status), unless the backend keeps the client waiting: then <see cref="KeepAliveClock"/> sends the 200 and comment lines
/// (R27). One producer writes; the clock steps in between its writes, never into them.
/// </summary>
internal sealed class EventStream : IAsyncDisposable
{
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    // Free while nobody writes. The producer finds it free but for the microseconds of a comment, so it takes it without
    // waiting and without allocating; the clock only tries.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly HttpContext _http;
    private readonly KeepAliveClock _clock;
    private bool _ended;
    private long _flushing;
    private volatile bool _isFlushing;

    /// <summary>Begins, with nothing sent yet; the clock watches from now on.</summary>
    /// <param name="http">The request.</param>
    /// <param name="clock">Sends comments.</param>
    /// <param name="commitAfter">See <see cref="CommitAfter"/>.</param>
    /// <param name="keepAlive">See <see cref="KeepAlive"/>.</param>
    /// <param name="silentSince">When the client began to wait, by <see cref="KeepAliveClock.Now"/>; null: now.</param>
    public EventStream(
        HttpContext http, KeepAliveClock clock, TimeSpan commitAfter, TimeSpan keepAlive, long? silentSince = null)
    {
        _http = http;
        _clock = clock;
        CommitAfter = commitAfter;
        KeepAlive = keepAlive;
        LastWrite = silentSince ?? clock.Now;
        clock.Watch(this);
    }

    /// <summary>The status and headers have been sent.</summary>
    public bool IsCommitted { get; private set; }

    /// <summary>A data event has been sent: no other target may be tried any more.</summary>
    public bool HasData { get; private set; }

    /// <summary>How long the first byte may take before the clock sends the 200.</summary>
    public TimeSpan CommitAfter { get; }

    /// <summary>How long the stream may be silent.</summary>
    public TimeSpan KeepAlive { get; }

    /// <summary>What was written last waits until the client takes something of what was sent before.</summary>
    public bool IsFlushing => _isFlushing;

    /// <summary>How many bytes that is.</summary>
    public long Flushing => Volatile.Read(ref _flushing);

    /// <summary>When something was last sent, by <see cref="KeepAliveClock.Now"/>.</summary>
    public long LastWrite { get; private set; }

    /// <summary>When the first data event was sent, by <see cref="KeepAliveClock.Now"/>; null before.</summary>
    public long? FirstDataAt { get; private set; }

    /// <summary>Called when the first data event is about to go out, unless it is an error.</summary>
    public Action? OnFirstData { get; init; }

    /// <summary>The error that ended it, if one did.</summary>
    public ApiError? Failure { get; private set; }

    /// <summary>How an error event looks in it.</summary>
    public StreamDialect Dialect { get; set; }

    /// <summary>The usage is going to be an estimate, which the header says when it is set before the first write (R28).</summary>
    public bool MarksUsage { get; set; }

    /// <summary>The number of the next event, in dialects that number them: an error event carries it.</summary>
    public int NextEvent { get; set; }

    /// <summary>The content type to send; set it before the first write. Ours by default.</summary>
    public string ContentType { get; set; } = "text/event-stream; charset=utf-8";

    /// <summary>Where a producer writes whole frames, between <see cref="BeginWriteAsync"/> and <see cref="FlushAsync"/>.</summary>
    public PipeWriter Writer => _http.Response.BodyWriter;

    /// <summary>Takes the turn to write. Completes at once unless a comment is just being written.</summary>
    public Task BeginWriteAsync(CancellationToken cancellationToken)
    {
        // SemaphoreSlim.WaitAsync hands out one cached completed task when the turn is free.
        return _turn.WaitAsync(cancellationToken);
    }

    /// <summary>Sends what was written since <see cref="BeginWriteAsync"/> and gives the turn back. False: the client has gone.</summary>
    public ValueTask<bool> FlushAsync(CancellationToken cancellationToken)
    {
        ValueTask<bool> sent;
        try
        {
            if (!HasData)
            {
                BeginData();
            }

            sent = SendAsync(cancellationToken);
        }
        catch
        {
            _turn.Release();
            throw;
        }

        if (!sent.IsCompletedSuccessfully)
        {
            return ReleaseAfterAsync(sent);
        }

        // Nearly every flush has been sent when it returns: no state machine for those.
        _turn.Release();
        return sent;
    }

    /// <summary>Does something while nobody writes. Waits for a comment that is just being written, within reason.</summary>
    public async ValueTask BetweenWritesAsync(Action change)
    {
        // Bounded for the same reason as in DisposeAsync.
        var hasTurn = await _turn.WaitAsync(LongestWrite, CancellationToken.None);
        try
        {
            change();
        }
        finally
        {
            if (hasTurn)
            {
                _turn.Release();
            }
        }
    }

    /// <summary>Gives the turn back without having written anything.</summary>
    public void CancelWrite() => _turn.Release();

    /// <summary>Writes whole frames in one go. False: the client has gone.</summary>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> frames, CancellationToken cancellationToken)
    {
        await BeginWriteAsync(cancellationToken);
        try
        {
            Prepare();
            Writer.Write(frames.Span);
        }
        catch
        {
            CancelWrite();
            throw;
        }

        return await FlushAsync(cancellationToken);
    }

    /// <summary>
    /// Ends a stream that has begun with an error event, in the way that delivers it: the event, a flush, then an end of the
    /// connection without terminator (R40). Throws <see cref="BrokenStreamException"/> where leaving the handler is that way.
    /// </summary>
    public async ValueTask FailAsync(ApiError error)
    {
        // A client that does not read cannot hold the connection for the sake of a last event.
        using var deadline = new CancellationTokenSource(LongestWrite);
        Failure = error = error with { SequenceNumber = NextEvent };
        try
        {
            var frame = new ArrayBufferWriter<byte>();
            ErrorEvent.Write(frame, error, Dialect);
            await WriteAsync(frame.WrittenMemory, deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Nobody reads. The connection ends all the same.
        }

        await DisposeAsync();
        if (HttpProtocol.IsHttp11(_http.Request.Protocol) || HttpProtocol.IsHttp10(_http.Request.Protocol))
        {
            throw new BrokenStreamException();
        }

        // HTTP/2: the event has to leave before the reset does (measured: 20 ms delivers 300 of 300).
        await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        _http.Abort();
    }

    /// <summary>
    /// Takes the stream back for another kind of answer: true when nothing has been sent, and nothing will be by the clock.
    /// </summary>
    public async ValueTask<bool> TryWithdrawAsync()
    {
        await _turn.WaitAsync(CancellationToken.None);
        _ended |= !IsCommitted;
        _turn.Release();
        return !IsCommitted;
    }

    /// <summary>Sets the headers, before the first byte of the body is written. Call it with the turn taken.</summary>
    public void Prepare()
    {
        if (IsCommitted)
        {
            return;
        }

        _http.Response.StatusCode = StatusCodes.Status200OK;
        _http.Response.ContentType = ContentType;
        _http.Response.Headers.CacheControl = "no-cache";
        _http.Response.Headers["X-Accel-Buffering"] = "no";
        if (MarksUsage)
        {
            _http.Response.Headers[UsageText.Header] = UsageText.Estimated;
        }

        _http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <summary>One comment line, if the turn is free; never in the middle of what a producer writes.</summary>
    internal async ValueTask CommentAsync(CancellationToken cancellationToken)
    {
        if (!_turn.Wait(TimeSpan.Zero, CancellationToken.None))
        {
            return;
        }

        try
        {
            if (!_ended)
            {
                Prepare();

                // One newline only: the form that no client stumbles over (openai-api.md §3).
                Writer.Write(": keep-alive\n"u8);
                await SendAsync(cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>The client takes nothing any more: its connection ends, and what was asked for it with it.</summary>
    internal void Abort() => _http.Abort();

    /// <summary>
    /// The clock writes no more after this: the HTTP response belongs to the next request then. Waits for a comment that is
    /// just being written (5 s at most).
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _clock.Forget(this);

        // Bounded, because the end of a request must not hang on a turn that was lost to a bug: while somebody has it,
        // the clock does not write anyway.
        var hasTurn = await _turn.WaitAsync(LongestWrite, CancellationToken.None);
        _ended = true;
        if (hasTurn)
        {
            _turn.Release();
        }
    }

    private void BeginData()
    {
        if (Failure is null)
        {
            OnFirstData?.Invoke();
        }

        HasData = true;
        FirstDataAt = _clock.Now;
    }

    private ValueTask<bool> SendAsync(CancellationToken cancellationToken)
    {
        IsCommitted = true;
        LastWrite = _clock.Now;
        var writer = Writer;
        var bytes = writer.CanGetUnflushedBytes ? writer.UnflushedBytes : 0;
        var flush = writer.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully
            ? new ValueTask<bool>(!flush.Result.IsCompleted)
            : WaitAsync(flush, bytes);
    }

    private async ValueTask<bool> ReleaseAfterAsync(ValueTask<bool> sent)
    {
        try
        {
            return await sent;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<bool> WaitAsync(ValueTask<FlushResult> flush, long bytes)
    {
        Volatile.Write(ref _flushing, bytes);
        _isFlushing = true;
        try
        {
            return !(await flush).IsCompleted;
        }
        finally
        {
            _isFlushing = false;
        }
    }
}
