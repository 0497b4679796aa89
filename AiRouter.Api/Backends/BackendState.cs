namespace AiRouter.Api.Backends;

/// <summary>
/// A backend at work. It is shared by all configurations that have it unchanged, and disposed when the last of them (and so
/// the last request served from it) has gone.
/// </summary>
internal sealed class BackendState(IBackend backend)
{
    private readonly UseCount _configurations = new();
    private int _inFlight;

    /// <summary>The backend.</summary>
    public IBackend Backend => backend;

    /// <summary>Requests of this replica under way at it.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>It takes a further request at this moment.</summary>
    public bool HasRoom => InFlight < backend.Model.Config.MaxRequestsPerReplica;

    /// <summary>
    /// A request is about to be sent. False: as many as it may have at a time are under way, so that one that hangs holds no more than
    /// its share of the router. Each true is followed by one <see cref="End"/>.
    /// </summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _inFlight) <= backend.Model.Config.MaxRequestsPerReplica)
        {
            return true;
        }

        End();
        return false;
    }

    /// <summary>A request has ended.</summary>
    public void End() => Interlocked.Decrement(ref _inFlight);

    /// <summary>A further configuration uses it.</summary>
    public bool TryHold() => _configurations.TryEnter();

    /// <summary>A configuration that used it has gone.</summary>
    public ValueTask ReleaseAsync() => _configurations.Leave() ? backend.DisposeAsync() : ValueTask.CompletedTask;
}
