using System.Buffers;
using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>
/// One <c>response.create</c> of a WebSocket, from its message to the last event of its response: a request like any other, which is a
/// feature of its own <see cref="HttpContext"/>.
/// </summary>
internal sealed class Turn(TurnSession session, PooledBytes bytes, JsonIndex index, string? stream) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ApiError?> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string? _previous = TextOf(index, "previous_response_id"u8);
    private bool _isTaken;
    private bool _hasBegun;
    private Attempt? _attempt;
    private ResponsesEventWriter? _writer;

    /// <summary>What it came over.</summary>
    public TurnSession Session => session;

    /// <summary>The stream of the connection that it belongs to; null: the client has named none.</summary>
    public string? Stream => stream;

    /// <summary>Its length.</summary>
    public int Length { get; } = bytes.Memory.Length;

    /// <summary>The backend that the connection is open to; null: none yet.</summary>
    public BackendModel? OpenBackend => session.Link.Backend;

    /// <summary>The public name of the model that it was opened for.</summary>
    public string? OpenModel => session.Link.Model;

    /// <summary>It was sent, or part of it.</summary>
    public bool HasLeft { get; private set; }

    /// <summary>Completes when it was sent.</summary>
    public Task Left => _left.Task;

    /// <summary>The client knows that there is no response, or no whole one.</summary>
    public bool IsTold { get; private set; }

    /// <summary>The session ends with it, once the client was told why; null: it goes on.</summary>
    public SessionEnd? SessionEnd { get; private set; }

    /// <summary>A member's text; null: it has none.</summary>
    public static string? TextOf(JsonIndex index, ReadOnlySpan<byte> name) =>
        index.Find(name) is { Type: JsonTokenType.String } member ? JsonText.Unquote(index.ValueOf(member)) : null;

    /// <summary>The message becomes the request's body.</summary>
    public ApiError? ReadInto(Exchange exchange)
    {
        if (index.Find("background"u8).Type == JsonTokenType.True)
        {
            return new ApiError(
                ErrorCause.UnsupportedParameter, "Unsupported parameter: 'background' cannot be used over a WebSocket.", "background");
        }

        if (RequestFacts.Read(index, exchange.Operation, out var error) is not { } facts)
        {
            return error;
        }

        exchange.Body = new JsonBody(bytes, index);
        exchange.Facts = facts with { Stream = true };
        _isTaken = true;
        return null;
    }

    /// <summary>
    /// From now on the events of its response are its own. Completes with its end: null, or why there is no whole response.
    /// </summary>
    public Task<ApiError?> Begin(Attempt attempt)
    {
        lock (_lock)
        {
            _attempt = attempt;
            _writer = new ResponsesEventWriter(attempt.Exchange) { OnId = attempt.RememberObject };
        }

        HasLeft = true;
        session.Add(this);
        return _end.Task;
    }

    /// <summary>It was sent whole.</summary>
    public void NoteLeft() => _left.TrySetResult();

    /// <summary>The backend is at work.</summary>
    public void Touch()
    {
        lock (_lock)
        {
            _attempt?.Deadline.ArmIdle();
        }
    }

    /// <summary>Writes what the client gets of an event of its response. False: it is over.</summary>
    public bool TryWrite(IBufferWriter<byte> output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, in ChunkScan scan)
    {
        lock (_lock)
        {
            if (_attempt is null)
            {
                return false;
            }

            if (!_hasBegun)
            {
                _hasBegun = true;
                _attempt.Exchange.NoteFirstData();
            }

            _writer!.Write(output, type, data, in scan);
        }

        if (ResponsesAssembly.IsLast(type))
        {
            End(null);
        }

        return true;
    }

    /// <summary>The backend says that it failed.</summary>
    public void Fail(int? status, ReadOnlySpan<byte> data)
    {
        lock (_lock)
        {
            if (_attempt is not null)
            {
                End(UpstreamErrors.FromEvent(_attempt, status, data) with { Stage = AttemptStage.Answered });
            }
        }
    }

    /// <summary>Nothing comes any more.</summary>
    public void End(ApiError? failure) => _end.TrySetResult(failure);

    /// <summary>The attempt has ended, and with it all that is looked at while it runs.</summary>
    public void Close()
    {
        session.Remove(this);
        lock (_lock)
        {
            _attempt = null;
        }
    }

    /// <summary>The session ends with this turn.</summary>
    public void Ends(SessionEnd end) => SessionEnd = end;

    /// <summary>Tells the client why there is no response, or no whole one.</summary>
    public ValueTask TellAsync(ApiError error)
    {
        IsTold = true;

        // The word that clients go by, to send the whole conversation instead.
        var isAboutPrevious = error.EffectiveStatus == StatusCodes.Status404NotFound && error.Code is null && _previous is not null &&
            error.Message.Contains(_previous, StringComparison.Ordinal);
        return session.TellAsync(
            isAboutPrevious ? error with { Code = "previous_response_not_found", Param = "previous_response_id" } : error, stream);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isTaken)
        {
            index.Dispose();
            bytes.Dispose();
        }
    }
}
