namespace AiRouter.Api.Requests;

/// <summary>A request's body after it was read whole; disposing gives its memory (or file) back.</summary>
internal abstract class RequestBody : IDisposable
{
    /// <inheritdoc/>
    public abstract void Dispose();
}
