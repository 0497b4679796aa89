using System.Net.WebSockets;

namespace AiRouter.Api.Sockets;

/// <summary>
/// One side of a session as something is sent to it: a relayed message piece by piece, and between messages events of the router's own.
/// </summary>
/// <param name="socket">The side; null: it is opened later.</param>
/// <param name="time">The clock.</param>
internal sealed class SocketSender(WebSocket? socket, TimeProvider time) : IDisposable
{
    // A message that is not whole after so long will not be soon.
    private static readonly TimeSpan LongestMessage = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile WebSocket? _socket = socket;
    private bool _isMidMessage;
    private long _since;

    /// <summary>How long the send has lasted that is under way: the side takes nothing.</summary>
    public TimeSpan Stalled => Volatile.Read(ref _since) is not 0 and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>The side is open now.</summary>
    public void Attach(WebSocket opened) => _socket = opened;

    /// <summary>Sends a piece of a relayed message. One caller only; waits while the side takes nothing.</summary>
    /// <exception cref="WebSocketException">The side has gone.</exception>
    public async ValueTask SendAsync(
        ReadOnlyMemory<byte> piece, WebSocketMessageType type, bool endOfMessage, CancellationToken cancellationToken)
    {
        if (!_isMidMessage)
        {
            await _turn.WaitAsync(cancellationToken);
            _isMidMessage = true;
        }

        Volatile.Write(ref _since, time.GetTimestamp());
        await _socket!.SendAsync(piece, type, endOfMessage, cancellationToken);
        Volatile.Write(ref _since, 0);
        if (endOfMessage)
        {
            _isMidMessage = false;
            _turn.Release();
        }
    }

    /// <summary>Sends an event of the router's own, not into the middle of a message. False: there was no way to.</summary>
    public async ValueTask<bool> TrySendOwnAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        try
        {
            if (!await _turn.WaitAsync(LongestMessage, cancellationToken))
            {
                return false;
            }
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        try
        {
            Volatile.Write(ref _since, time.GetTimestamp());
            await _socket!.SendAsync(json, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            Volatile.Write(ref _since, 0);
            return true;
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a close frame, if the side may still get one. False: it has gone, or has had one.</summary>
    public async ValueTask<bool> TryCloseAsync(WebSocketCloseStatus status, string? reason, CancellationToken cancellationToken)
    {
        try
        {
            if (_socket is not { State: WebSocketState.Open or WebSocketState.CloseReceived } open)
            {
                return false;
            }

            await open.CloseOutputAsync(status, status == WebSocketCloseStatus.Empty ? null : reason, cancellationToken);
            return true;
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();
}
