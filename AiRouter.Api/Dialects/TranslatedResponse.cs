using System.IO.Pipelines;
using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Draining;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Dialects;

/// <summary>
/// Stands in the place of a response's body while a chat answer is written to it, and passes on what that is in the client's dialect:
/// events as they come, a whole answer at its end.
/// </summary>
internal sealed class TranslatedResponse : IHttpResponseBodyFeature, IAsyncDisposable
{
    private readonly Exchange _exchange;
    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly IAnswerTranslation _translation;
    private readonly TranslatingWriter _writer;
    private readonly Stream _stream;

    private TranslatedResponse(Exchange exchange, IHttpResponseBodyFeature inner, IAnswerTranslation translation)
    {
        (_exchange, _http, _inner, _translation) = (exchange, exchange.Http, inner, translation);
        _writer = new TranslatingWriter(inner.Writer, new FrameTranslation(translation), () => MediaType.IsEvents(_http.Response.ContentType));
        _stream = _writer.AsStream(leaveOpen: true);
    }

    /// <inheritdoc/>
    public Stream Stream => _stream;

    /// <inheritdoc/>
    public PipeWriter Writer => _writer;

    /// <summary>Takes the place of the response's body, until it is disposed.</summary>
    public static async ValueTask<TranslatedResponse> BeginAsync(Exchange exchange, IAnswerTranslation translation)
    {
        var features = exchange.Http.Features;
        var response = new TranslatedResponse(exchange, features.GetRequiredFeature<IHttpResponseBodyFeature>(), translation);
        await response.ChangeAsync(() => features.Set<IHttpResponseBodyFeature>(response));
        return response;
    }

    /// <summary>The backend's answer is whole: a stream has been passed on by now, anything else is written here.</summary>
    /// <param name="longest">How long the client may take to read it.</param>
    /// <returns>Null, or why it is no answer; then nothing has been sent, unless the client has gone.</returns>
    public async ValueTask<ApiError?> EndAsync(TimeSpan longest)
    {
        if (_writer.IsStream)
        {
            return null;
        }

        using var output = new PooledBufferWriter();
        try
        {
            using var completion = JsonDocument.Parse(_writer.Pending);
            if (_translation is not CountTranslation && !HasChoice(completion.RootElement))
            {
                return Invalid("It has no choices.");
            }

            _translation.WriteWhole(completion.RootElement, output);
        }
        catch (Exception exception) when (OddJson.IsCause(exception) || exception is KeyNotFoundException)
        {
            return Invalid(exception.Message);
        }

        _http.Response.ContentLength = output.Length;
        return await WriteAsync(output.WrittenMemory, longest);
    }

    private async ValueTask<ApiError?> WriteAsync(ReadOnlyMemory<byte> answer, TimeSpan longest)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_exchange.Aborted);
        deadline.CancelAfter(longest);
        try
        {
            await _inner.Writer.WriteAsync(answer, deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            if (_exchange.BrokenOff is { } brokenOff)
            {
                return brokenOff;
            }

            // It takes nothing, and holds a place all the while.
            _http.Abort();
            return DrainErrors.ClientGone;
        }
    }

    private static bool HasChoice(JsonElement completion) =>
        completion.ValueKind == JsonValueKind.Object && completion.TryGetProperty("choices"u8, out var choices) &&
        choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0;

    private ApiError Invalid(string detail)
    {
        _http.Response.ContentLength = null;
        return new ApiError(ErrorCause.BackendProtocol, "The backend's answer is not valid.") { Detail = detail };
    }

    /// <inheritdoc/>
    public void DisableBuffering() => _inner.DisableBuffering();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Answers are not files.");

    /// <inheritdoc/>
    public Task CompleteAsync() => Task.CompletedTask;

    /// <summary>Gives the response its own body back.</summary>
    public ValueTask DisposeAsync() => ChangeAsync(() =>
    {
        _http.Features.Set(_inner);
        _writer.Dispose();
    });

    /// <summary>The clock of a stream must not be writing a comment to a body that is just taken away.</summary>
    private ValueTask ChangeAsync(Action change)
    {
        if (_exchange.Events is { } events)
        {
            return events.BetweenWritesAsync(change);
        }

        change();
        return ValueTask.CompletedTask;
    }
}
