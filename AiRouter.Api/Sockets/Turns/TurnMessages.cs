using System.Buffers;
using System.Net.WebSockets;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Scheduling;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>Reads a client's messages whole, under the limits of request bodies.</summary>
internal sealed class TurnMessages(WebSocket client, SessionState state, BodyBudget budget, ServerConfig server)
{
    private const int Piece = 16 * 1024;
    private const int LongestName = 256;
    private const long MiB = 1024 * 1024;

    private static readonly ApiError NotText = new(ErrorCause.InvalidRequest, "Send events as text.");

    /// <summary>The code of the client's close frame.</summary>
    public WebSocketCloseStatus CloseStatus => client.CloseStatus ?? WebSocketCloseStatus.Empty;

    /// <summary>Its reason.</summary>
    public string? CloseReason => client.CloseStatusDescription;

    /// <summary>The next one. What cannot be taken is read to its end all the same: the next one is behind it.</summary>
    public async ValueTask<Message> ReadAsync(CancellationToken over)
    {
        var received = await client.ReceiveAsync(Memory<byte>.Empty, over);
        var piece = ArrayPool<byte>.Shared.Rent(Piece);
        var bytes = new PooledBytes(budget);
        var isWhole = false;
        ApiError? error = null;
        try
        {
            while (received is { MessageType: not WebSocketMessageType.Close, EndOfMessage: false })
            {
                received = await client.ReceiveAsync(piece.AsMemory(0, Piece), over);
                state.Add(received.Count, isClients: true);
                state.NoteGathering(true);
                error ??= received.MessageType == WebSocketMessageType.Binary
                    ? NotText
                    : bytes.Append(piece.AsSpan(0, received.Count), server.MaxBodyMiB * MiB, server.MaxBufferedMiB * MiB);
            }

            isWhole = error is null && received.MessageType != WebSocketMessageType.Close;
            return new Message(isWhole ? bytes : null, error, received.MessageType == WebSocketMessageType.Close);
        }
        finally
        {
            state.NoteGathering(false);
            ArrayPool<byte>.Shared.Return(piece);
            if (!isWhole)
            {
                bytes.Dispose();
            }
        }
    }

    /// <summary>The turn that a message asks for; or the stream that it names, and what is wrong with it.</summary>
    public static async ValueTask<(Turn? Turn, string? Stream, ApiError? Error)> ParseAsync(TurnSession session, Message message)
    {
        if (message.Bytes is not { } bytes)
        {
            return (null, null, message.Error);
        }

        await LongWork.Begin(bytes.Memory.Length);
        if (JsonIndex.Read(bytes.Memory, out var error) is not { } index)
        {
            bytes.Dispose();
            return (null, null, error);
        }

        var stream = Turn.TextOf(index, "stream_id"u8) is { Length: <= LongestName } name ? name : null;
        if (!index.Find("stream_id"u8).IsNull && stream is null)
        {
            error = new ApiError(
                ErrorCause.InvalidRequest, $"Invalid 'stream_id': expected a string of at most {LongestName} characters.", "stream_id");
        }
        else if (Turn.TextOf(index, "type"u8) != "response.create")
        {
            error = new ApiError(
                ErrorCause.InvalidRequest, "Over this WebSocket only events of the type 'response.create' are served.", "type")
            {
                Code = "unsupported_event",
            };
        }

        if (error is null)
        {
            return (new Turn(session, bytes, index, stream), stream, null);
        }

        index.Dispose();
        bytes.Dispose();
        return (null, stream, error);
    }

    /// <summary>A message.</summary>
    /// <param name="Bytes">What it is; null: it could not be taken, or is a close frame.</param>
    /// <param name="Error">Why it could not be taken.</param>
    /// <param name="IsClose">The client has closed.</param>
    internal readonly record struct Message(PooledBytes? Bytes, ApiError? Error, bool IsClose);
}
