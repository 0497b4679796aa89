using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>
/// The body of an answer. What came with the head is handed out first; then reads go from the socket into the reader's own memory, and
/// chunks are put together there. As soon as it is whole, the connection serves the next request.
/// </summary>
internal sealed class SocketBody : ReadOnlyStream
{
    private readonly SocketConnection _connection;
    private readonly SocketResponse _response;
    private readonly Framing _framing;
    private readonly Task<Exception?>? _sending;
    private ReceivedBytes _received;
    private ChunkDecoder _chunks;
    private long _left;
    private bool _isWhole;
    private bool _isBroken;
    private bool _isEnded;

    /// <summary>Begins with what came with the head.</summary>
    public SocketBody(
        SocketConnection connection, SocketResponse response, Framing framing, in ReceivedBytes received, Task<Exception?>? sending)
    {
        _connection = connection;
        _response = response;
        _framing = framing;
        _sending = sending;
        _received = received;
        _left = framing.Length;
        if (framing.End == BodyEnd.None)
        {
            Finish(isClean: _received.Rest.IsEmpty);
        }
    }

    /// <summary>All that came with the head, and the head; empty once its memory has gone back.</summary>
    public ReadOnlySpan<byte> Received => _received.All;

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_isWhole)
        {
            return ValueTask.FromResult(0);
        }

        while (!_received.Rest.IsEmpty)
        {
            var read = buffer.IsEmpty ? 0 : TakeReceived(buffer.Span);
            if (read > 0 || buffer.IsEmpty || _isWhole)
            {
                return ValueTask.FromResult(read);
            }
        }

        if (_received.IsHeld && (buffer.IsEmpty || _framing.End == BodyEnd.Chunks))
        {
            // What comes in chunks comes slowly: a stream that waits holds no memory but its reader's.
            _response.KeepHeaders();
            _received.Return();
        }

        return ReceiveAsync(buffer, cancellationToken);
    }

    /// <summary>The answer is not needed any more: what little is left of it is read, so that the connection can be used again.</summary>
    public void End()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        if (!_isWhole)
        {
            if (!_isBroken && IsSent && _framing.End != BodyEnd.Connection && _left <= SocketSettings.MaxDrain)
            {
                Drain();
            }
            else
            {
                Break();
            }
        }

        _received.Return();
    }

    private bool IsSent => _sending is null or { IsCompletedSuccessfully: true, Result: null };

    private int TakeReceived(Span<byte> to)
    {
        var rest = _received.Rest;
        var count = Math.Min(rest.Length, Limit(to.Length));
        rest[..count].CopyTo(to);
        _received.Take(count);
        return Take(to[..count]);
    }

    /// <summary>Waits for bytes, and takes as many as there is memory for.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Whoever ends the answer while this waits, or after it has failed, finds a connection that cannot be used again.
            _isBroken = true;
            int read;
            try
            {
                read = await _connection.Socket.ReceiveAsync(buffer[..Limit(buffer.Length)], SocketFlags.None, cancellationToken);
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                throw new HttpIOException(HttpRequestError.ResponseEnded, "The backend's answer broke off.", exception);
            }

            _isBroken = false;
            if (buffer.IsEmpty)
            {
                return 0;
            }

            if (Take(buffer.Span[..read]) is var body && (body > 0 || _isWhole))
            {
                return body;
            }
        }
    }

    // No more is read than belongs to the body: the rest shows at the next use of the connection that it cannot be used.
    private int Limit(int length) => _framing.End == BodyEnd.Length ? (int)Math.Min(length, _left) : length;

    /// <summary>Takes what has come (nothing: the connection has ended); what of it is body is then at its beginning.</summary>
    private int Take(Span<byte> bytes)
    {
        if (bytes.IsEmpty && _framing.End != BodyEnd.Connection)
        {
            _isBroken = true;
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The backend's answer ended before it was whole.");
        }

        switch (_framing.End)
        {
            case BodyEnd.Length:
                _left -= bytes.Length;
                if (_left == 0)
                {
                    Finish(_received.Rest.IsEmpty);
                }

                return bytes.Length;
            case BodyEnd.Chunks:
                return Decode(bytes);
            default:
                if (bytes.IsEmpty)
                {
                    Finish(isClean: false);
                }

                return bytes.Length;
        }
    }

    private int Decode(Span<byte> bytes)
    {
        try
        {
            var body = _chunks.Decode(bytes, out var used);
            if (_chunks.IsWhole)
            {
                Finish(used == bytes.Length && _received.Rest.IsEmpty);
            }

            return body;
        }
        catch (HttpIOException)
        {
            _isBroken = true;
            throw;
        }
    }

    /// <summary>What has come already is taken at once; for the rest nobody has to wait.</summary>
    private void Drain()
    {
        Span<byte> scratch = stackalloc byte[1024];
        try
        {
            for (var left = SocketSettings.MaxDrain; !_isWhole && left > 0;)
            {
                if (!_received.Rest.IsEmpty)
                {
                    left -= Math.Max(1, TakeReceived(scratch));
                    continue;
                }

                var read = _connection.Socket.Receive(scratch[..Limit(scratch.Length)], SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                {
                    // Before somebody else goes on with it.
                    _received.Return();
                    _ = DrainAsync(left);
                    return;
                }

                if (error != SocketError.Success)
                {
                    break;
                }

                Take(scratch[..read]);
                left -= read;
            }
        }
        catch (HttpIOException)
        {
            // Nobody reads this answer any more, so nobody needs to know that it is broken.
        }

        if (!_isWhole)
        {
            Break();
        }
    }

    private async Task DrainAsync(int left)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1024);
        using var deadline = new CancellationTokenSource(SocketSettings.DrainTime, _connection.Pool.TimeProvider);
        try
        {
            while (!_isWhole && left > 0)
            {
                left -= await ReceiveAsync(buffer, deadline.Token);
            }
        }
        catch (Exception exception) when (exception is HttpIOException or OperationCanceledException)
        {
            // As above; or the rest did not come in time.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            if (!_isWhole)
            {
                Break();
            }
        }
    }

    private void Finish(bool isClean)
    {
        _isWhole = true;
        if (isClean && !_framing.Closes && IsSent)
        {
            _connection.Pool.Return(_connection);
        }
        else
        {
            _connection.Pool.Close(_connection);
        }
    }

    private void Break()
    {
        _isBroken = true;
        _connection.Pool.Close(_connection);
    }
}
