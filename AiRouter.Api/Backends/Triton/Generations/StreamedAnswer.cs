using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Sends an answer as it is generated: one loop for each choice, one flush for each read, choices as they come. The first
/// event waits for the first text, so that an early failure keeps its status.
/// </summary>
internal sealed class StreamedAnswer(
    EventStream events, IReadOnlyList<Choice> choices, TextRequest request, AnswerHead head, bool includeUsage)
{
    private readonly StreamedParts[] _parts = StreamedParts.For(events, choices, request, head, includeUsage);
    // The end waits for counts that the backend was asked for, however the answer ended.
    private readonly bool _waitsForCounts = includeUsage && choices.Any(choice => choice.Prompt.Asked is not null);
    private int _open = choices.Count;
    private volatile ApiError? _error;

    /// <summary>Null when the whole answer was sent; else why not.</summary>
    public async ValueTask<ApiError?> SendAsync(CancellationToken cancellationToken)
    {
        await choices.ReadAllAsync(choice => RelayAsync(choice, cancellationToken));

        return _error;
    }

    private async Task RelayAsync(Choice choice, CancellationToken cancellationToken)
    {
        var generation = choice.Generation;
        while (!choice.IsStopped && await generation.ReadAsync(cancellationToken))
        {
            await events.BeginWriteAsync(cancellationToken);
            if (TryWriteInTurn(choice, isEnd: false) && !await events.FlushAsync(cancellationToken))
            {
                Fail(TritonErrors.ClientGone);
            }

            if (_error is not null)
            {
                return;
            }
        }

        if (choice.IsStopped && !_waitsForCounts)
        {
            return;
        }

        if (!choice.IsStopped && generation.Failure is { } failure)
        {
            Fail(TritonErrors.Of(failure));
            return;
        }

        if (_waitsForCounts)
        {
            await AnswerUsage.WaitForCountsAsync(choices);
        }

        await events.BeginWriteAsync(cancellationToken);
        if (TryWriteInTurn(choice, isEnd: true))
        {
            await events.FlushAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Writes in the turn; false when there was nothing to write. Then, and when it goes wrong, the turn is given back: the
    /// stream could not end without it.
    /// </summary>
    private bool TryWriteInTurn(Choice choice, bool isEnd)
    {
        var isWritten = false;
        try
        {
            isWritten = _error is null && (isEnd ? WriteEnd(choice) : TryWrite(choice));
            return isWritten;
        }
        finally
        {
            if (!isWritten)
            {
                events.CancelWrite();
            }
        }
    }

    /// <summary>Writes what the last read brought; false when that is nothing to see.</summary>
    private bool TryWrite(Choice choice)
    {
        var parts = _parts[choice.Index];
        parts.BeginTurn();
        choice.Take(parts);
        if (choice.IsStopped && !_waitsForCounts)
        {
            Finish(choice, parts);
        }

        return parts.HasWritten;
    }

    private bool WriteEnd(Choice choice)
    {
        var parts = _parts[choice.Index];
        if (!choice.IsStopped)
        {
            choice.End(parts);
        }

        Finish(choice, parts);
        return true;
    }

    /// <summary>The choice's last chunk; behind the last choice's the end of the stream.</summary>
    private void Finish(Choice choice, StreamedParts parts)
    {
        parts.Finish(choice.FinishReason());
        _open--;
        if (_open > 0)
        {
            return;
        }

        if (includeUsage)
        {
            parts.Chunks.WriteUsage(events.Writer, AnswerUsage.Of(choices));
        }

        ChunkWriter.WriteDone(events.Writer);
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
