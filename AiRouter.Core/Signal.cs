namespace AiRouter.Core;

/// <summary>Wakes one loop that otherwise looks from time to time. What is set while the loop works wakes it again.</summary>
internal sealed class Signal(TimeProvider time)
{
    private TaskCompletionSource _set = New();

    /// <summary>Wakes the loop.</summary>
    public void Set() => Volatile.Read(ref _set).TrySetResult();

    /// <summary>Waits until it is set, for a time at most, or until the loop is to end (no exception then).</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        var set = Volatile.Read(ref _set);
        await set.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (set.Task.IsCompleted)
        {
            Volatile.Write(ref _set, New());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
