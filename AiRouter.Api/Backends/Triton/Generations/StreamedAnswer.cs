using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Errors;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Sends an answer as it is generated: one loop for each choice, choices as they come. What the backend has sent by the time it
/// is read goes out with one flush; nothing waits for what has not come. The first event waits for the first text, so that an
/// early failure keeps its status.
/// </summary>
internal sealed class StreamedAnswer(
    EventStream events, IReadOnlyList<Choice> choices, TextRequest request, AnswerHead head, bool includeUsage)
{
    /// <summary>After so much text, an event counted as its overhead too, what is there goes out though more has come.</summary>
    private const int MostUnsent = 16 * 1024;

    /// <summary>About what stands around the text of an event.</summary>
    private const int EventBytes = 256;

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
        var reads = new ReadAhead(generation, cancellationToken);
        while (!choice.IsStopped && await reads.NextAsync())
        {
            await events.BeginWriteAsync(cancellationToken);
            if (TryWriteInTurn(choice, reads))
            {
                await FlushAsync(reads, cancellationToken);
            }
        }

        if (_error is not null || _parts[choice.Index].IsFinished)
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
        if (TryWriteInTurn(choice, null))
        {
            await events.FlushAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Sends what was written, while the next read waits for more. A read that nobody is going to look at ends before its choice is
    /// let go.
    /// </summary>
    private async ValueTask FlushAsync(ReadAhead reads, CancellationToken cancellationToken)
    {
        try
        {
            if (!await events.FlushAsync(cancellationToken))
            {
                Fail(TritonErrors.ClientGone);
            }
        }
        catch
        {
            await reads.CancelAsync();
            throw;
        }
    }

    /// <summary>
    /// Writes in the turn; false when there was nothing to write. Then, and when it goes wrong, the turn is given back: the
    /// stream could not end without it.
    /// </summary>
    /// <param name="choice">Whose text.</param>
    /// <param name="reads">Where it comes from; null at its end.</param>
    private bool TryWriteInTurn(Choice choice, ReadAhead? reads)
    {
        var isWritten = false;
        try
        {
            isWritten = _error is null && (reads is null ? WriteEnd(choice) : TryWrite(choice, reads));
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

    /// <summary>Writes what the last read brought, and what has come since; false when that is nothing to see.</summary>
    private bool TryWrite(Choice choice, ReadAhead reads)
    {
        var parts = _parts[choice.Index];
        parts.BeginTurn();
        var unsent = 0;
        do
        {
            unsent += EventBytes + choice.Generation.Text.Length;
            choice.Take(parts);
            if (choice is { IsStopped: false, Generation.IsComplete: true } && !_waitsForCounts)
            {
                return WriteEnd(choice);
            }
        }
        while (!choice.IsStopped && unsent < MostUnsent && reads.TryNext());

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
