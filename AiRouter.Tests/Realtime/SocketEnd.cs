using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace AiRouter.Tests.Realtime;

/// <summary>One end of a WebSocket, as tests use it. Every wait has a deadline.</summary>
/// <param name="socket">The socket.</param>
/// <param name="abort">Breaks the connection off.</param>
/// <param name="cancelled">Ends every wait.</param>
internal sealed class SocketEnd(WebSocket socket, Action abort, CancellationToken cancelled)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>The socket.</summary>
    public WebSocket Socket => socket;

    /// <summary>The test is over.</summary>
    public CancellationToken Stopped => cancelled;

    /// <summary>Sends a message, or a part of one.</summary>
    public async Task SendAsync(byte[] bytes, WebSocketMessageType type = WebSocketMessageType.Binary, bool endOfMessage = true)
    {
        using var most = Limited();
        await socket.SendAsync(bytes, type, endOfMessage, most.Token);
    }

    /// <summary>Sends a text message, or a part of one.</summary>
    public Task SendAsync(string text, bool endOfMessage = true) =>
        SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage);

    /// <summary>The next message, whole, or the close frame.</summary>
    public async Task<SocketMessage> ReceiveAsync()
    {
        using var most = Limited();
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer, most.Token);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                return new SocketMessage([], received.MessageType, socket.CloseStatus, socket.CloseStatusDescription);
            }

            bytes.Write(buffer, 0, received.Count);
            if (received.EndOfMessage)
            {
                return new SocketMessage(bytes.ToArray(), received.MessageType, null, null);
            }
        }
    }

    /// <summary>The next piece of a message.</summary>
    public async Task<(string Text, bool IsEnd)> ReceivePieceAsync()
    {
        using var most = Limited();
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, most.Token);
        return (Encoding.UTF8.GetString(buffer, 0, received.Count), received.EndOfMessage);
    }

    /// <summary>The next message as an event.</summary>
    public async Task<JsonElement> ReceiveEventAsync() => JsonDocument.Parse((await ReceiveAsync()).Bytes).RootElement;

    /// <summary>Waits for the close frame; whatever comes before it is passed over.</summary>
    public async Task<SocketMessage> ReceiveCloseAsync()
    {
        SocketMessage message;
        do
        {
            message = await ReceiveAsync();
        }
        while (!message.IsClose);
        return message;
    }

    /// <summary>Closes, and waits for the answer.</summary>
    public async Task CloseAsync(int status = 1000, string? reason = null)
    {
        using var most = Limited();
        await socket.CloseAsync((WebSocketCloseStatus)status, reason, most.Token);
    }

    /// <summary>Answers a close frame with the same.</summary>
    public async Task AnswerCloseAsync()
    {
        using var most = Limited();
        await socket.CloseOutputAsync(socket.CloseStatus!.Value, socket.CloseStatusDescription, most.Token);
    }

    /// <summary>Breaks the connection off.</summary>
    public void Abort() => abort();

    private CancellationTokenSource Limited()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        source.CancelAfter(Deadline);
        return source;
    }
}

/// <summary>A message, or a close frame.</summary>
/// <param name="Bytes">The message.</param>
/// <param name="Type">Text or binary.</param>
/// <param name="Status">The code of a close frame.</param>
/// <param name="Reason">Its reason.</param>
internal sealed record SocketMessage(byte[] Bytes, WebSocketMessageType Type, WebSocketCloseStatus? Status, string? Reason)
{
    public bool IsClose => Type == WebSocketMessageType.Close;

    public string Text => Encoding.UTF8.GetString(Bytes);
}
