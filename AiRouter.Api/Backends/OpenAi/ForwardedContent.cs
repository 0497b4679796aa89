namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// A request body on its way to a backend. It reads memory that goes back to a pool when the request ends, so the end waits
/// until the connection has let go of it (a backend may answer before it has read everything).
/// </summary>
internal abstract class ForwardedContent
{
    private TaskCompletionSource? _released;

    /// <summary>What it is, as the client wrote it; null: it does not say.</summary>
    public abstract string? ContentType { get; }

    /// <summary>Its length, always known.</summary>
    public abstract long Length { get; }

    /// <summary>Completes when nothing reads the body any more; call it after the attempt has been cancelled or has ended.</summary>
    public Task ReleasedAsync() => Volatile.Read(ref _released)?.Task ?? Task.CompletedTask;

    /// <summary>Writes the body; <see cref="ReleasedAsync"/> tells when that has ended.</summary>
    public async Task WriteToAsync(Stream stream, CancellationToken cancellationToken)
    {
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _released, released);
        try
        {
            await WriteAsync(stream, cancellationToken);
        }
        finally
        {
            released.TrySetResult();
        }
    }

    /// <summary>Copies a body that lies in memory, whole. False: it does not.</summary>
    /// <param name="destination">As long as the body.</param>
    public virtual bool TryCopyTo(Span<byte> destination) => false;

    /// <summary>Writes the body.</summary>
    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);
}
