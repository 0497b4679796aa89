using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>Collects an answer and sends it in one piece.</summary>
internal sealed class CollectedAnswer(IReadOnlyList<Choice> choices, TextRequest request, AnswerHead head) : IDisposable
{
    /// <summary>
    /// For all choices together, more than any token limit makes; a backend that runs on must not take the memory.
    /// </summary>
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly WholeChoice[] _parts =
        [.. choices.Select(_ => new WholeChoice(request.Settings.LogProbs, request.Reading.Style))];
    private ApiError? _error;
    private long _bytes;

    /// <summary>Null when the answer was sent; else why not.</summary>
    public async ValueTask<ApiError?> SendAsync(HttpContext http, CancellationToken cancellationToken)
    {
        await choices.ReadAllAsync(choice => ReadAsync(choice, cancellationToken));

        if (_error is not null)
        {
            return _error;
        }

        await AnswerUsage.WaitForCountsAsync(choices);
        using var body = new PooledBufferWriter();
        Write(body, http.Response);
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.WrittenMemory, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parts in _parts)
        {
            parts.Dispose();
        }
    }

    private async Task ReadAsync(Choice choice, CancellationToken cancellationToken)
    {
        while (!choice.IsStopped && await choice.Generation.ReadAsync(cancellationToken))
        {
            if (Interlocked.Add(ref _bytes, choice.Generation.Text.Length) > MostBytes)
            {
                Fail(new ApiError(ErrorCause.BackendProtocol, "The backend's answer does not end."));
                return;
            }

            choice.Take(_parts[choice.Index]);
        }

        if (choice.IsStopped)
        {
            return;
        }

        if (choice.Generation.Failure is { } failure)
        {
            Fail(TritonErrors.Of(failure));
            return;
        }

        choice.End(_parts[choice.Index]);
    }

    private void Write(PooledBufferWriter body, HttpResponse response)
    {
        var usage = AnswerUsage.Of(choices);
        if (usage.IsEstimated)
        {
            response.Headers[UsageText.Header] = UsageText.Estimated;
        }

        var json = new WholeAnswerJson(body, request.Dialect);
        json.WriteOpen(head);
        foreach (var choice in choices)
        {
            json.WriteChoice(request.Echo ? choice.Prompt.Shown.Span : default, _parts[choice.Index], choice.FinishReason());
        }

        json.WriteClose(usage);
    }

    /// <summary>One failed choice fails the request (R13): the others are ended too.</summary>
    private void Fail(ApiError error)
    {
        if (Interlocked.CompareExchange(ref _error, error, null) is null)
        {
            choices.CancelAll();
        }
    }
}
