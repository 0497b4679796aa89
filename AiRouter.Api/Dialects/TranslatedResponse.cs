using System.IO.Pipelines;
using System.Text.Json;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Dialects;

/// <summary>
/// Stands in the place of a response's body while a chat answer is written to it, and passes on what that is in the client's dialect:
/// events as they come, a whole answer at its end.
/// </summary>
internal sealed class TranslatedResponse : IHttpResponseBodyFeature, IDisposable
{
    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _inner;
    private readonly IAnswerTranslation _translation;
    private readonly TranslatingWriter _writer;
    private readonly Stream _stream;

    private TranslatedResponse(HttpContext http, IHttpResponseBodyFeature inner, IAnswerTranslation translation)
    {
        (_http, _inner, _translation) = (http, inner, translation);
        _writer = new TranslatingWriter(inner.Writer, new FrameTranslation(translation), () => MediaType.IsEvents(http.Response.ContentType));
        _stream = _writer.AsStream(leaveOpen: true);
    }

    /// <inheritdoc/>
    public Stream Stream => _stream;

    /// <inheritdoc/>
    public PipeWriter Writer => _writer;

    /// <summary>Takes the place of the response's body, until it is disposed.</summary>
    public static TranslatedResponse Begin(HttpContext http, IAnswerTranslation translation)
    {
        var response = new TranslatedResponse(http, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), translation);
        http.Features.Set<IHttpResponseBodyFeature>(response);
        return response;
    }

    /// <summary>The backend's answer is whole: a stream has been passed on by now, anything else is written here.</summary>
    /// <returns>Null, or why it is no answer; then nothing has been sent.</returns>
    public async ValueTask<ApiError?> EndAsync(CancellationToken cancellationToken)
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
        await _inner.Writer.WriteAsync(output.WrittenMemory, cancellationToken);
        return null;
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
    public void Dispose()
    {
        _http.Features.Set(_inner);
        _writer.Dispose();
    }
}
