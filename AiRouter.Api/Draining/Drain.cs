namespace AiRouter.Api.Draining;

/// <summary>
/// Requests under way, and what becomes of them when the router stops: from <see cref="HasBegun"/> on no more are
/// taken, and those that have not ended when the time is over are cut off.
/// </summary>
internal sealed class Drain(IHostApplicationLifetime lifetime) : IDisposable
{
    // Read once: after the stop has begun, the service may be gone.
    private readonly CancellationToken _begun = lifetime.ApplicationStopping;
    private readonly CancellationTokenSource _cut = new();
    private int _running;

    /// <summary>The router stops: ends the waiting of those who wait for a place.</summary>
    public CancellationToken Begun => _begun;

    /// <summary>Whether the router stops.</summary>
    public bool HasBegun => _begun.IsCancellationRequested;

    /// <summary>Requests under way.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>A request begins.</summary>
    public RunningRequest Enter(HttpContext http)
    {
        Interlocked.Increment(ref _running);
        return new RunningRequest(this, CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _cut.Token));
    }

    /// <summary>It has ended.</summary>
    internal void Leave() => Interlocked.Decrement(ref _running);

    /// <summary>Cuts off what is still under way: each client is told, as far as its answer still allows it.</summary>
    public Task CutAsync() => _cut.CancelAsync();

    /// <inheritdoc/>
    public void Dispose() => _cut.Dispose();
}
