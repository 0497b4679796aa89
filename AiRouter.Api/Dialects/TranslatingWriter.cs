using System.Buffers;
using System.IO.Pipelines;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Dialects;

/// <summary>
/// Takes a chat answer. Of a stream each flush is whole frames, which are translated and flushed on; anything else stays until somebody
/// takes it from <see cref="Pending"/>.
/// </summary>
/// <param name="inner">Where the client's dialect goes.</param>
/// <param name="frames">Translates frames.</param>
/// <param name="isStream">Whether the response has turned out to be a stream; asked when something is flushed.</param>
internal sealed class TranslatingWriter(PipeWriter inner, FrameTranslation frames, Func<bool> isStream) : PipeWriter, IDisposable
{
    private readonly PooledBufferWriter _pending = new();

    /// <summary>Something was sent as a stream.</summary>
    public bool IsStream { get; private set; }

    /// <summary>What was written and is no stream.</summary>
    public ReadOnlyMemory<byte> Pending => _pending.WrittenMemory;

    /// <inheritdoc/>
    public override bool CanGetUnflushedBytes => true;

    /// <inheritdoc/>
    public override long UnflushedBytes => _pending.Length;

    /// <inheritdoc/>
    public override void Advance(int bytes) => _pending.Advance(bytes);

    /// <inheritdoc/>
    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    /// <inheritdoc/>
    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    /// <inheritdoc/>
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        IsStream = IsStream || isStream();
        if (!IsStream)
        {
            return default;
        }

        frames.Translate(PassComments(_pending.WrittenSpan), inner);
        _pending.Clear();
        return inner.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        // The response goes on: its end is the server's to tell.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pending.Dispose();
        frames.Dispose();
    }

    /// <summary>Comment lines keep connections alive in every dialect: they go out at once. Returns what follows.</summary>
    private ReadOnlySpan<byte> PassComments(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && bytes[0] == ':' && bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            inner.Write(bytes[..(end + 1)]);
            bytes = bytes[(end + 1)..];
        }

        return bytes;
    }
}
