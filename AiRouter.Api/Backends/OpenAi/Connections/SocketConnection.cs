using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>One TCP connection to a backend: sends a request, and reads the head of the answer.</summary>
internal sealed class SocketConnection(Socket socket, ConnectionPool pool, long opened)
{
    // Holds the head and the body of most answers; a request that waits for its answer holds no more than this.
    private const int BufferSize = 4096;

    private bool _wasUsed;

    /// <summary>The socket.</summary>
    public Socket Socket => socket;

    /// <summary>The pool that it belongs to.</summary>
    public ConnectionPool Pool => pool;

    /// <summary>When it was opened.</summary>
    public long Opened { get; } = opened;

    /// <summary>When its last answer was whole.</summary>
    public long IdleSince { get; set; } = opened;

    /// <summary>For how long it may wait for its next request.</summary>
    public TimeSpan MaxIdle { get; private set; } = SocketSettings.IdleTime;

    /// <summary>
    /// Sends a request and reads the head of the answer. Null: the backend has ended the connection while nobody used it, and has
    /// nothing of the request, which can go over another one.
    /// </summary>
    /// <exception cref="HttpRequestException">There is no answer.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SocketResponse?> SendAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        var received = new ReceivedBytes(BufferSize);
        var (isReceiving, isHanded) = (false, false);
        ValueTask<int> receiving = default;
        Task<Exception?>? sending = null;
        try
        {
            // Begun before the request is sent: what a used connection has to say by now is no answer to it, but its end. That costs
            // no call into the system, because the first receive never finds anything yet.
            receiving = socket.ReceiveAsync(received.Space, SocketFlags.None, cancellationToken);
            isReceiving = true;
            if (_wasUsed && receiving.IsCompleted)
            {
                return null;
            }

            var length = RequestWriter.Write(request, out var outgoing, out var isWhole);
            if (!isWhole)
            {
                sending = SendBodyAsync(request.Content!, outgoing, length, cancellationToken);
            }
            else if (!await TrySendAsync(outgoing, length, cancellationToken) && _wasUsed)
            {
                return null;
            }

            var head = default(ResponseHead);
            var interim = 0;
            while (true)
            {
                isReceiving = false;
                var read = await receiving;
                if (read == 0)
                {
                    return MayRepeat(request, in received, interim) ? null : throw Ended(null);
                }

                received.Add(read);
                while (head.TryRead(received.Rest))
                {
                    received.Take(head.Length);
                    if (head.Status is 101 or >= 200)
                    {
                        isHanded = true;
                        return Begin(request, in head, in received, sending);
                    }

                    // Interim answers say nothing that anybody waits for.
                    interim += head.Length;
                    received.Forget();
                    head = default;
                }

                MakeSpace(ref received, interim);
                receiving = socket.ReceiveAsync(received.Space, SocketFlags.None, cancellationToken);
                isReceiving = true;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            if (MayRepeat(request, in received, 0))
            {
                return null;
            }

            throw sending is { IsCompleted: true } && await sending is { } failure ? Unsent(failure) : Ended(exception);
        }
        finally
        {
            if (!isHanded)
            {
                pool.Close(this);
                await IgnoreAsync(isReceiving ? receiving : default);
                received.Return();
            }
        }
    }

    /// <summary>Closes it.</summary>
    public void Close() => socket.Dispose();

    /// <summary>The backend closed while nobody used the connection; and nothing can come of asking twice.</summary>
    private bool MayRepeat(UpstreamRequest request, in ReceivedBytes received, int interim) =>
        _wasUsed && interim == 0 && received.All.IsEmpty && request is { Content: null, Method: "GET" };

    private static void MakeSpace(ref ReceivedBytes received, int interim)
    {
        if (interim + received.All.Length >= SocketSettings.MaxHead)
        {
            throw new HttpRequestException(
                HttpRequestError.ConfigurationLimitExceeded, "The head of the backend's answer is too large.");
        }

        if (received.Space.IsEmpty)
        {
            received.Grow();
        }
    }

    private SocketResponse Begin(
        UpstreamRequest request, in ResponseHead head, in ReceivedBytes received, Task<Exception?>? sending)
    {
        _wasUsed = true;
        if (head.KeepAlive is { } seconds)
        {
            // A second less than it says: a request must not be on its way when it closes.
            var wait = TimeSpan.FromSeconds(Math.Max(0, seconds - 1));
            MaxIdle = wait < SocketSettings.IdleTime ? wait : SocketSettings.IdleTime;
        }

        return new SocketResponse(this, request.Method, in head, in received, sending);
    }

    /// <summary>
    /// Sends what lies in one piece. False: the connection has ended, and nothing has gone out. When it ends in the middle, what the
    /// backend has to say about that tells more.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> TrySendAsync(byte[] outgoing, int length, CancellationToken cancellationToken)
    {
        var sent = 0;
        try
        {
            while (sent < length)
            {
                sent += await socket.SendAsync(outgoing.AsMemory(sent, length - sent), SocketFlags.None, cancellationToken);
            }

            return true;
        }
        catch (SocketException)
        {
            return sent > 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(outgoing);
        }
    }

    /// <summary>Sends a large body while the answer is waited for, which may come before its end. Returns what went wrong.</summary>
    private async Task<Exception?> SendBodyAsync(
        ForwardedContent content, byte[] outgoing, int length, CancellationToken cancellationToken)
    {
        try
        {
            var stream = new SendingStream(socket, outgoing, length);
            await content.WriteToAsync(stream, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            return null;
        }
        catch (SocketException exception)
        {
            // There may be an answer all the same, and the end of the connection comes by itself.
            return exception;
        }
        catch (Exception exception)
        {
            // Whatever it was, the backend will never have the whole, and never answer. It is told to whoever waits for that.
            socket.Dispose();
            return exception;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(outgoing);
        }
    }

    private static async ValueTask IgnoreAsync(ValueTask<int> receiving)
    {
        try
        {
            await receiving;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The connection is closed; what it still had to say does not matter.
        }
    }

    private static HttpRequestException Ended(Exception? exception) =>
        new(HttpRequestError.ResponseEnded, "The backend closed the connection before it answered.", exception);

    private static HttpRequestException Unsent(Exception exception) =>
        new(HttpRequestError.Unknown, "The request could not be sent.", exception);
}
