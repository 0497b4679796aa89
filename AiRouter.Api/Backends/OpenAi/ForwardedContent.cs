using System.Net;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>
/// A request body on its way to a backend. It reads memory that goes back to a pool when the request ends, so the end waits
/// until the connection has let go of it (a backend may answer before it has read everything).
/// </summary>
internal abstract class ForwardedContent : HttpContent
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isUsed;

    /// <summary>Completes when nothing reads the body any more; call it after the attempt has been cancelled or has ended.</summary>
    public Task ReleasedAsync() => Volatile.Read(ref _isUsed) == 0 ? Task.CompletedTask : _released.Task;

    /// <summary>Writes the body.</summary>
    protected abstract Task WriteAsync(Stream stream, CancellationToken cancellationToken);

    /// <summary>Its length, always known.</summary>
    protected abstract long Length { get; }

    /// <inheritdoc/>
    protected sealed override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _isUsed, 1);
        try
        {
            await WriteAsync(stream, cancellationToken);
        }
        finally
        {
            _released.TrySetResult();
        }
    }

    /// <inheritdoc/>
    protected sealed override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected sealed override bool TryComputeLength(out long length)
    {
        length = Length;
        return true;
    }
}
