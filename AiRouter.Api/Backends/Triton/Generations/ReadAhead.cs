using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>
/// Reads a generation as far as it has come, and begins the read behind that: while it waits, what has come is sent.
/// </summary>
internal sealed class ReadAhead(Generation generation, CancellationToken cancellationToken)
{
    private ValueTask<bool> _waiting;
    private bool _isWaiting;

    /// <summary>Waits for the next text, by the read that was begun if there is one; false: there is none.</summary>
    public ValueTask<bool> NextAsync()
    {
        if (!_isWaiting)
        {
            return generation.ReadAsync(cancellationToken);
        }

        var waiting = _waiting;
        _isWaiting = false;
        _waiting = default;
        return waiting;
    }

    /// <summary>Takes the next text if it has come; false: it has not, or there is none.</summary>
    public bool TryNext()
    {
        var read = generation.ReadAsync(cancellationToken);
        if (read.IsCompletedSuccessfully)
        {
            return read.Result;
        }

        _waiting = read;
        _isWaiting = true;
        return false;
    }

    /// <summary>Ends the read that was begun: nobody is going to wait for it.</summary>
    public async ValueTask CancelAsync()
    {
        generation.Cancel();
        if (_isWaiting)
        {
            await NextAsync();
        }
    }
}
