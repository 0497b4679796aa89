namespace AiRouter.Api.Draining;

/// <summary>A request under way: what it is cut off by. Disposed at its end.</summary>
internal sealed class RunningRequest(Drain drain, CancellationTokenSource ending) : IDisposable
{
    /// <summary>Cancelled when the client goes or the request is cut off.</summary>
    public CancellationToken Token { get; } = ending.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        ending.Dispose();
        drain.Leave();
    }
}
