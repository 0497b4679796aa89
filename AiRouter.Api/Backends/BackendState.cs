namespace AiRouter.Api.Backends;

/// <summary>
/// A backend at work. It is shared by all configurations that have it unchanged, and disposed when the last of them (and so
/// the last request served from it) has gone.
/// </summary>
internal sealed class BackendState(IBackend backend)
{
    private readonly UseCount _configurations = new();

    /// <summary>The backend.</summary>
    public IBackend Backend => backend;

    /// <summary>A further configuration uses it.</summary>
    public bool TryHold() => _configurations.TryEnter();

    /// <summary>A configuration that used it has gone.</summary>
    public ValueTask ReleaseAsync() => _configurations.Leave() ? backend.DisposeAsync() : ValueTask.CompletedTask;
}
