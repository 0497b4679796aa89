using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;

/// <summary>How many files are decoded at the same time, and which wait, in the order in which they came.</summary>
internal sealed class DecoderPlaces(TimeProvider time)
{
    /// <summary>So many files may wait for each place.</summary>
    public const int WaitingForEach = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _places;
    private int _running;

    /// <summary>Files that are being decoded.</summary>
    public int Running
    {
        get
        {
            lock (_lock)
            {
                return _running;
            }
        }
    }

    /// <summary>Files that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes a place, which <see cref="Leave"/> gives back. Null, or why there is none.</summary>
    /// <param name="places">How many there are, by the configuration of this request.</param>
    /// <param name="longest">The longest wait.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<ApiError?> EnterAsync(int places, TimeSpan longest, CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_lock)
        {
            _places = places;
            if (_running < places && _waiting.Count == 0)
            {
                _running++;
                return null;
            }

            if (_waiting.Count >= places * WaitingForEach)
            {
                return new ApiError(ErrorCause.QueueFull, "Too many sound files wait to be decoded. Try again in a moment.");
            }

            waiter = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            GivePlaces();
        }

        try
        {
            await waiter.Value.Task.WaitAsync(longest, time, cancellationToken);
            return null;
        }
        catch (TimeoutException)
        {
            return TryGiveUp(waiter)
                ? new ApiError(ErrorCause.QueueTimeout, "The sound file has waited to be decoded for as long as it may. Try again in a moment.")
                : null;
        }
        catch (OperationCanceledException)
        {
            if (!TryGiveUp(waiter))
            {
                Leave();
            }

            throw;
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _running--;
            GivePlaces();
        }
    }

    private void GivePlaces()
    {
        while (_running < _places && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            _running++;
            first.Value.SetResult();
        }
    }

    /// <summary>False: it has got a place meanwhile.</summary>
    private bool TryGiveUp(LinkedListNode<TaskCompletionSource> waiter)
    {
        lock (_lock)
        {
            if (waiter.List is null)
            {
                return false;
            }

            _waiting.Remove(waiter);
            return true;
        }
    }
}
