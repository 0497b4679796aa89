using System.Net.WebSockets;

namespace AiRouter.Api.Sockets;

/// <summary>What an exception of a WebSocket means.</summary>
internal static class SocketFailures
{
    /// <summary>The other side has gone or breaks the protocol, or nobody waits for it any more.</summary>
    public static bool IsGone(Exception exception) =>
        exception is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException;
}
