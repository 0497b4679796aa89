using System.Net.Sockets;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>A request's body on its way into a socket: small pieces go together, large ones from where they lie.</summary>
/// <param name="socket">Where it goes.</param>
/// <param name="buffer">Memory to gather in; what is in it already goes first.</param>
/// <param name="length">How much that is.</param>
internal sealed class SendingStream(Socket socket, byte[] buffer, int length) : Stream
{
    private int _length = length;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken = default)
    {
        if (piece.Length > buffer.Length - _length)
        {
            await FlushAsync(cancellationToken);
        }

        if (piece.Length > buffer.Length)
        {
            await SendAsync(piece, cancellationToken);
            return;
        }

        piece.CopyTo(buffer.AsMemory(_length));
        _length += piece.Length;
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <inheritdoc/>
    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        var gathered = _length;
        _length = 0;
        await SendAsync(buffer.AsMemory(0, gathered), cancellationToken);
    }

    /// <inheritdoc/>
    public override void Flush() => throw new NotSupportedException();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
        }
    }
}
