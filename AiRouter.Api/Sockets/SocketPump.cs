using System.Net.WebSockets;
using System.Text.Json;

namespace AiRouter.Api.Sockets;

/// <summary>
/// One direction of a session. Messages go on piece by piece as they come, and a side that takes nothing is waited for; only events that
/// are looked into are gathered first, up to <see cref="EventBuffer.Most"/>. While nothing comes no buffer is held.
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
    private const int Piece = 16 * 1024;

    // Of the message under way.
    private Way _way;
    private int _nextLook;

    private enum Way
    {
        /// <summary>Its type has not come yet.</summary>
        Unknown,

        /// <summary>It is looked into when it is whole.</summary>
        Gathered,

        /// <summary>It goes on piece by piece.</summary>
        Passed,

        /// <summary>It does not go on.</summary>
        Dropped,
    }

    /// <summary>What the reason of a close frame becomes on its way.</summary>
    public required Func<string?, string?> Reason { get; init; }

    /// <summary>The code of its close frame where the socket has read another one.</summary>
    public CloseCodeStream? Codes { get; init; }

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
        using var message = state.NewBuffer();
        var isFull = false;
        try
        {
            // An empty message has ended already.
            while (received is { MessageType: not WebSocketMessageType.Close, EndOfMessage: false })
            {
                received = await from.ReceiveAsync(message.Space(Piece), over);
                message.Advance(received.Count);
                state.Add(received.Count, isClients);
                if (received.EndOfMessage || !IsGathered(received.MessageType, message.Memory.Span))
                {
                    break;
                }

                if (!message.TryMakeRoom())
                {
                    isFull = true;
                    break;
                }

                NoteGathering(message.IsLarge);
            }
        }
        finally
        {
            NoteGathering(false);
        }

        if (received.MessageType == WebSocketMessageType.Close)
        {
            await PassCloseAsync(over);
            return false;
        }

        await TakeAsync(message.Memory, received, isFull, over);
        return true;
    }

    private void NoteGathering(bool isGathering)
    {
        if (isClients)
        {
            state.NoteGathering(isGathering);
        }
    }

    /// <summary>Whether the message has to be whole before it goes on, or may have to be.</summary>
    private bool IsGathered(WebSocketMessageType type, ReadOnlySpan<byte> beginning, bool isWhole = false)
    {
        // A type that comes late is looked for in a text that is twice as long each time.
        if (_way == Way.Unknown && (beginning.Length >= _nextLook || isWhole))
        {
            _nextLook = beginning.Length * 2;
            ReadOnlySpan<byte> name = default;
            var sight = type == WebSocketMessageType.Text ? EventType.Find(beginning, isWhole, out name) : EventType.Sight.None;
            _way = sight switch
            {
                EventType.Sight.Found when view.IsOfInterest(name) => Way.Gathered,
                EventType.Sight.NotYet => Way.Unknown,
                _ => Way.Passed,
            };
        }

        return _way is Way.Unknown or Way.Gathered;
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> piece, ValueWebSocketReceiveResult received, bool isFull, CancellationToken over)
    {
        if (received.EndOfMessage && IsGathered(received.MessageType, piece.Span, isWhole: true) && _way == Way.Gathered)
        {
            await LookAsync(piece, over);
        }
        else if (isFull && view.TooLarge(piece.Span) is { } refusal)
        {
            _way = Way.Dropped;
            await AnswerAsync(refusal, over);
        }
        else if (_way != Way.Dropped)
        {
            _way = Way.Passed;
            await PassAsync(piece, received.MessageType, received.EndOfMessage, over);
        }

        if (received.EndOfMessage)
        {
            (_way, _nextLook) = (Way.Unknown, 0);
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

        if (fate.Answer is { } answer)
        {
            await AnswerAsync(answer, over);
        }
    }

    private async ValueTask AnswerAsync(ReadOnlyMemory<byte> answer, CancellationToken over)
    {
        if (!state.IsOver)
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
            var status = Codes?.Sent ?? from.CloseStatus ?? WebSocketCloseStatus.Empty;
            await to.TryCloseAsync(status, Reason(from.CloseStatusDescription), over);
        }

        state.End(isClients ? SessionEnd.ClientClosed : SessionEnd.BackendClosed);
    }
}
