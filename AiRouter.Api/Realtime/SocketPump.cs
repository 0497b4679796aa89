using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;

namespace AiRouter.Api.Realtime;

/// <summary>
/// One direction of a session. Messages go on piece by piece as they come, and a side that takes nothing is waited for; only events that
/// are looked into are gathered first, up to <see cref="MostLookedInto"/>. While nothing comes no buffer is held.
/// </summary>
/// <param name="from">The side that is read.</param>
/// <param name="to">The side that gets it.</param>
/// <param name="back">The side that is read, to be told something.</param>
/// <param name="view">What is looked into.</param>
/// <param name="state">What the session has come to.</param>
/// <param name="isClients">Whether it is the client that is read.</param>
internal sealed class SocketPump(
    WebSocket from, SocketSender to, SocketSender back, IEventView view, SessionState state, bool isClients)
{
    /// <summary>The largest event that is looked into.</summary>
    public const int MostLookedInto = 64 * 1024;

    private const int Piece = 16 * 1024;

    // Of the message under way.
    private bool _isPassing;
    private bool _isOfInterest;

    /// <summary>What the reason of a close frame becomes on its way.</summary>
    public required Func<string?, string?> Reason { get; init; }

    /// <summary>
    /// Relays until the side that is read has closed or gone. When the other side has gone, or the session is over, it goes on reading: a
    /// connection that is closed while something lies there unread loses what was sent to its other end.
    /// </summary>
    public async Task RunAsync(CancellationToken over)
    {
        try
        {
            while (await RelayAsync(over))
            {
            }
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            state.End(isClients ? SessionEnd.ClientGone : SessionEnd.BackendGone);
        }
    }

    /// <summary>Relays the next piece, or the next event. False: there is none any more.</summary>
    private async ValueTask<bool> RelayAsync(CancellationToken over)
    {
        var received = await from.ReceiveAsync(Memory<byte>.Empty, over);
        var buffer = ArrayPool<byte>.Shared.Rent(MostLookedInto);
        try
        {
            var length = 0;

            // An empty message has ended already.
            while (received is { MessageType: not WebSocketMessageType.Close, EndOfMessage: false })
            {
                received = await from.ReceiveAsync(buffer.AsMemory(length, Math.Min(Piece, MostLookedInto - length)), over);
                length += received.Count;
                state.Add(received.Count, isClients);
                if (received.EndOfMessage || length == MostLookedInto || !IsGathered(received.MessageType, buffer.AsSpan(0, length)))
                {
                    break;
                }
            }

            if (received.MessageType == WebSocketMessageType.Close)
            {
                await PassCloseAsync(over);
                return false;
            }

            await TakeAsync(buffer.AsMemory(0, length), received, over);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Whether the message has to be whole before it goes on, or may have to be.</summary>
    private bool IsGathered(WebSocketMessageType type, ReadOnlySpan<byte> beginning, bool isWhole = false)
    {
        if (_isPassing || _isOfInterest)
        {
            return !_isPassing;
        }

        ReadOnlySpan<byte> name = default;
        var sight = type == WebSocketMessageType.Text ? EventType.Find(beginning, isWhole, out name) : EventType.Sight.None;
        _isOfInterest = sight == EventType.Sight.Found && view.IsOfInterest(name);
        _isPassing = !_isOfInterest && sight != EventType.Sight.NotYet;
        return !_isPassing;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> piece, ValueWebSocketReceiveResult received, CancellationToken over)
    {
        var isWhole = received.EndOfMessage && IsGathered(received.MessageType, piece.Span, isWhole: true) && _isOfInterest;
        if (isWhole)
        {
            await LookAsync(piece, over);
        }
        else
        {
            if (_isOfInterest && !_isPassing)
            {
                view.Missed();
            }

            _isPassing = true;
            await PassAsync(piece, received.MessageType, received.EndOfMessage, over);
        }

        if (received.EndOfMessage)
        {
            _isPassing = _isOfInterest = false;
        }
    }

    private async ValueTask LookAsync(ReadOnlyMemory<byte> json, CancellationToken over)
    {
        EventFate fate;
        try
        {
            fate = view.Look(json);
        }
        catch (JsonException)
        {
            fate = new EventFate(json);
        }

        if (fate.Passed is { } passed)
        {
            await PassAsync(passed, WebSocketMessageType.Text, endOfMessage: true, over);
        }

        if (fate.Answer is { } answer && !state.IsOver)
        {
            await back.TrySendOwnAsync(answer, over);
        }
    }

    private async ValueTask PassAsync(ReadOnlyMemory<byte> piece, WebSocketMessageType type, bool endOfMessage, CancellationToken over)
    {
        if (state.IsOver)
        {
            return;
        }

        try
        {
            await to.SendAsync(piece, type, endOfMessage, over);
        }
        catch (Exception exception) when (SocketFailures.IsGone(exception))
        {
            state.End(isClients ? SessionEnd.BackendGone : SessionEnd.ClientGone);
        }
    }

    private async ValueTask PassCloseAsync(CancellationToken over)
    {
        if (!state.IsOver)
        {
            await to.TryCloseAsync(from.CloseStatus ?? WebSocketCloseStatus.Empty, Reason(from.CloseStatusDescription), over);
        }

        state.End(isClients ? SessionEnd.ClientClosed : SessionEnd.BackendClosed);
    }
}
