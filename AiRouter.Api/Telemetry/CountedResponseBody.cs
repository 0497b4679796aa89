using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>A response body whose bytes are counted while they are written: what the access log calls <c>sent</c>.</summary>
internal sealed class CountedResponseBody(IHttpResponseBodyFeature body) : IHttpResponseBodyFeature
{
    private long _count;

    /// <summary>The bytes so far, of the body alone.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public Stream Stream => field ??= new CountingStream(body.Stream, this);

    /// <inheritdoc/>
    public PipeWriter Writer => field ??= new CountingWriter(body.Writer, this);

    /// <inheritdoc/>
    public void DisableBuffering() => body.DisableBuffering();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken = default) => body.StartAsync(cancellationToken);

    /// <inheritdoc/>
    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        body.SendFileAsync(path, offset, count, cancellationToken);

    /// <inheritdoc/>
    public Task CompleteAsync() => body.CompleteAsync();

    // One producer at a time writes (see EventStream), so nothing is added at once; the count is read when all have ended.
    private void Add(int bytes) => _count += bytes;

    private sealed class CountingWriter(PipeWriter writer, CountedResponseBody counted) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => writer.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            counted.Add(bytes);
            writer.Advance(bytes);
        }

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            counted.Add(source.Length);
            return writer.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => writer.CompleteAsync(exception);
    }

    private sealed class CountingStream(Stream stream, CountedResponseBody counted) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => stream.CanWrite;

        public override long Length => stream.Length;

        public override long Position { get => stream.Position; set => stream.Position = value; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            counted.Add(count);
            stream.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            counted.Add(buffer.Length);
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            counted.Add(count);
            return stream.WriteAsync(buffer, offset, count, cancellationToken);
        }

        public override void Flush() => stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
