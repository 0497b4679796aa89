using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>A response body that somebody looks at while it is written; it goes to <paramref name="body"/> as it is.</summary>
internal abstract class ObservedResponseBody(IHttpResponseBodyFeature body) : IHttpResponseBodyFeature
{
    /// <inheritdoc/>
    public Stream Stream => field ??= new ObservedStream(body.Stream, this);

    /// <inheritdoc/>
    public PipeWriter Writer => field ??= new ObservedWriter(body.Writer, this);

    /// <inheritdoc/>
    public void DisableBuffering() => body.DisableBuffering();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        body.SendFileAsync(path, offset, count, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => body.CompleteAsync();

    /// <summary>These bytes are written. One producer at a time writes (see EventStream).</summary>
    protected abstract void Observe(ReadOnlySpan<byte> bytes);

    private sealed class ObservedWriter(PipeWriter writer, ObservedResponseBody observed) : PipeWriter
    {
        private Memory<byte> _given;

        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _given = writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            observed.Observe(_given.Span[..bytes]);

            // Some write the rest of what they were given later.
            _given = _given[bytes..];
            writer.Advance(bytes);
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            observed.Observe(source.Span);
            return writer.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => writer.CompleteAsync(exception);
    }

    private sealed class ObservedStream(Stream stream, ObservedResponseBody observed) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => stream.CanWrite;

        public override long Length => stream.Length;

        public override long Position { get => stream.Position; set => stream.Position = value; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            observed.Observe(buffer.AsSpan(offset, count));
            stream.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            observed.Observe(buffer.Span);
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            observed.Observe(buffer.AsSpan(offset, count));
            return stream.WriteAsync(buffer, offset, count, cancellationToken);
        }

        public override void Flush() => stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
