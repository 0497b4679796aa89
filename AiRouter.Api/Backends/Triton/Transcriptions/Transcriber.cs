using AiRouter.Api.Backends.Triton.Transcriptions.Audio;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Scheduling;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// Asks the model for each window of the sound, a few at a time, and gives the texts in order. Their memory comes out of the budget of
/// request bodies (R31); where that has no room, fewer are asked for at the same time.
/// </summary>
internal sealed class Transcriber(TritonClient client, TritonModel model, AudioWindows windows, BodyBudget budget, long maxBuffered)
{
    private const int Concurrency = 4;

    // The samples, the message that is made of them, and what gRPC makes of that.
    private const long WindowBytes = 3L * AudioWindows.Most * sizeof(float);

    private readonly Queue<Task<Answer>> _asked = new();

    /// <summary>Every window's request, but for its samples and id.</summary>
    public required TranscriptionRequest Request { get; init; }

    /// <summary>Gives each text to <paramref name="take"/>, in order. Null: all of them; else why not.</summary>
    public async ValueTask<ApiError?> RunAsync(Func<TranscriptSegment, ValueTask> take, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            return await RunAllAsync(take, stop.Token);
        }
        finally
        {
            // After a failure the other calls are in nobody's interest, and their memory is theirs until they have ended.
            if (_asked.Count > 0)
            {
                await stop.CancelAsync();
                await Task.WhenAll(_asked);
            }
        }
    }

    private async ValueTask<ApiError?> RunAllAsync(Func<TranscriptSegment, ValueTask> take, CancellationToken cancellationToken)
    {
        var isOver = false;
        for (var index = 0; !isOver || _asked.Count > 0;)
        {
            if (!isOver && _asked.Count < Concurrency && budget.TryTake(WindowBytes, maxBuffered))
            {
                // Decoding takes some tens of milliseconds of a processor.
                await LongWork.Begin();
                var window = Next();
                if (windows.Problem is { } problem)
                {
                    return new ApiError(ErrorCause.InvalidRequest, $"The file cannot be transcribed: {problem}.", "file");
                }

                isOver = window is null;
                if (window is not null)
                {
                    var asked = AskAsync(window, index++, cancellationToken);
                    _asked.Enqueue(asked);
                }
            }
            else if (_asked.TryPeek(out var first))
            {
                var answer = await first;
                _ = _asked.Dequeue();
                if (answer.Failure is { } failure)
                {
                    return TritonErrors.Of(failure);
                }

                await take(answer.Segment);
            }
            else
            {
                return PooledBytes.OutOfBuffers();
            }
        }

        return null;
    }

    /// <summary>The next window, whose memory has been taken; given back when there is none.</summary>
    private AudioWindow? Next()
    {
        AudioWindow? window = null;
        try
        {
            window = windows.Next();
            return window;
        }
        finally
        {
            if (window is null)
            {
                budget.Return(WindowBytes);
            }
        }
    }

    private async Task<Answer> AskAsync(AudioWindow window, int index, CancellationToken cancellationToken)
    {
        try
        {
            var result = await client.TranscribeAsync(model, Request with
            {
                Samples = window.Samples,
                // Triton's ids tell calls apart; the first has the request's own.
                CallId = index == 0 ? null : $"{Request.RequestId}-{index}",
            }, cancellationToken);
            return new Answer(new TranscriptSegment(window.Start, window.End, result.Text.Trim()), result.Failure);
        }
        finally
        {
            window.Dispose();
            budget.Return(WindowBytes);
        }
    }

    /// <summary>What came of a window.</summary>
    private readonly record struct Answer(TranscriptSegment Segment, TritonFailure? Failure);
}
