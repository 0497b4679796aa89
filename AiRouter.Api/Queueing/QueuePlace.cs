namespace AiRouter.Api.Queueing;

/// <summary>A place among the requests of a model that are served; disposing gives it back, once.</summary>
internal sealed class QueuePlace(ModelQueue queue) : IDisposable
{
    private bool _isGivenBack;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _isGivenBack, true))
        {
            queue.Leave();
        }
    }
}
