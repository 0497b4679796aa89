using System.Net.WebSockets;

namespace AiRouter.Api.Sockets;

/// <summary>
/// What a backend sends over a WebSocket, with another code in a close frame that has 1012, 1013 or 1014: .NET's WebSocket takes these for
/// a breach of the protocol, and a restart of the backend would look like its end. (1015 must not be sent by anybody: RFC 6455, 7.4.1.)
/// </summary>
internal sealed class CloseCodeStream(Stream inner) : Stream
{
    private const byte High = (byte)(1011 >> 8);
    private const byte Low = 1011 & 0xFF;
    private const int LongestHead = 14;

    private readonly byte[] _head = new byte[LongestHead];
    private int _read;
    private int _needs = 2;
    private ulong _left;
    private bool _isClose;
    private int _at;
    private bool _isRegistered;

    /// <summary>The code that the backend has sent where the socket reads another one; null: it has sent none of these.</summary>
    public WebSocketCloseStatus? Sent { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Look(buffer.Span[..read]);
        return read;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    /// <inheritdoc/>
    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Flush() => inner.Flush();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Look(Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_left == 0)
            {
                TakeHead(bytes[0]);
                bytes = bytes[1..];
                continue;
            }

            var length = (int)Math.Min(_left, (ulong)bytes.Length);
            if (_isClose)
            {
                LookAtCode(bytes[..length]);
            }

            _left -= (ulong)length;
            bytes = bytes[length..];
        }
    }

    /// <summary>One byte more of a frame's head (RFC 6455, 5.2).</summary>
    private void TakeHead(byte next)
    {
        _head[_read++] = next;
        if (_read == 2)
        {
            var inTwo = _head[1] & 0x7F;
            _needs = 2 + (inTwo == 126 ? 2 : inTwo == 127 ? 8 : 0) + ((_head[1] & 0x80) == 0 ? 0 : 4);
        }

        if (_read < _needs)
        {
            return;
        }

        var inSeven = _head[1] & 0x7F;
        var more = inSeven == 126 ? 2 : inSeven == 127 ? 8 : 0;
        _left = more == 0 ? (ulong)inSeven : 0;
        for (var i = 0; i < more; i++)
        {
            _left = (_left << 8) | _head[2 + i];
        }

        // What is masked is no server's, and the socket says so.
        _isClose = (_head[0] & 0x0F) == 8 && (_head[1] & 0x80) == 0;
        _at = 0;
        _read = 0;
        _needs = 2;
    }

    private void LookAtCode(Span<byte> payload)
    {
        foreach (ref var value in payload)
        {
            switch (_at++)
            {
                case 0:
                    _isRegistered = value == High;
                    break;
                case 1 when _isRegistered && value is > Low and <= Low + 3:
                    Sent = (WebSocketCloseStatus)((High << 8) | value);
                    value = Low;
                    return;
                default:
                    return;
            }
        }
    }
}
