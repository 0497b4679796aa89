using System.Net.WebSockets;
using AiRouter.Api.Backends.OpenAi;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>A request's body as one text message, sent piece by piece from where it lies.</summary>
internal sealed class MessageStream(SocketSender sender) : WriteOnlyStream
{
    /// <summary>Sends it.</summary>
    public static async ValueTask SendAsync(SocketSender sender, ForwardedContent content, CancellationToken cancellationToken)
    {
        await using var stream = new MessageStream(sender);
        await content.WriteToAsync(stream, cancellationToken);
        await sender.SendAsync(ReadOnlyMemory<byte>.Empty, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        sender.SendAsync(buffer, WebSocketMessageType.Text, endOfMessage: false, cancellationToken);
}
