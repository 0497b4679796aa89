namespace AiRouter.Core.Configuration.Stored;

/// <summary>Asks for a comparison with the store at once.</summary>
internal sealed class StoreSyncSignal(TimeProvider time)
{
    private readonly Signal _signal = new(time);

    /// <summary>Asks for it.</summary>
    public void Set() => _signal.Set();

    /// <inheritdoc cref="Signal.WaitAsync"/>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken) => _signal.WaitAsync(atMost, cancellationToken);
}
