using System.IO.Pipelines;
using AiRouter.Core.Metering;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>A response body of which a copy is taken while it is written.</summary>
internal sealed class CopiedResponseBody(IHttpResponseBodyFeature body, BodyExcerpt copy) : IHttpResponseBodyFeature
{
    public Stream Stream { get; } = new CopyingStream(body.Stream, copy);

    public PipeWriter Writer { get; } = new CopyingWriter(body.Writer, copy);

    public void DisableBuffering() => body.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken) => body.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken) =>
        body.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => body.CompleteAsync();

    /// <summary>Copies what is advanced over.</summary>
    private sealed class CopyingWriter(PipeWriter writer, BodyExcerpt copy) : PipeWriter
    {
        private Memory<byte> _given;

        public override bool CanGetUnflushedBytes => writer.CanGetUnflushedBytes;

        public override long UnflushedBytes => writer.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => _given = writer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

        public override void Advance(int bytes)
        {
            copy.Append(_given.Span[..bytes]);

            // Some write the rest of what they were given later.
            _given = _given[bytes..];
            writer.Advance(bytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => writer.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => writer.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => writer.Complete(exception);
    }

    /// <summary>Copies what is written.</summary>
    private sealed class CopyingStream(Stream stream, BodyExcerpt copy) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => stream.CanWrite;

        public override long Length => stream.Length;

        public override long Position { get => stream.Position; set => stream.Position = value; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            copy.Append(buffer.AsSpan(offset, count));
            stream.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            copy.Append(buffer.Span);
            return stream.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => stream.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => stream.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
