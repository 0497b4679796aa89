using System.Text.Json;
using AiRouter.Api.Dialects.Responses;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>
/// The body of the response to a job's request. Nobody reads it: an answer is taken where it is translated. Its beginning is held, as an
/// error fits into it.
/// </summary>
internal sealed class JobOutput : Stream
{
    private const int MostHeld = 64 * 1024;

    private readonly MemoryStream _held = new();

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>The error that the request ended with, as code and text of a response; null: it is none.</summary>
    public (string Code, string Message)? ReadError()
    {
        try
        {
            var answer = JsonElement.Parse(_held.GetBuffer().AsSpan(0, (int)_held.Length));
            return answer.ObjectMember("error") is { } error ? (FailureCode.OfResponse(error), FailureCode.MessageOf(error)) : null;
        }
        catch (JsonException)
        {
            // It is empty, or an answer that is longer than what is held.
            return null;
        }
    }

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer) =>
        _held.Write(buffer[..(int)Math.Min(buffer.Length, MostHeld - _held.Length)]);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Write(buffer.Span);
        return default;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override void Flush()
    {
        // There is nothing behind it.
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();
}
