using System.Net;
using System.Net.Sockets;

namespace AiRouter.EmbeddedRedis;

/// <summary>Looks at the port first: Garnet shares one with whoever else shares it, and then each gets a part of the clients.</summary>
internal static class LoopbackPort
{
    /// <summary>Why it cannot be listened on, as a sentence; null when it can.</summary>
    public static string? Obstacle(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return null;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {port} is in use (AIROUTER_REDIS_PORT chooses another)",
                SocketError.AccessDenied => $"port {port} needs more rights than this user has (AIROUTER_REDIS_PORT chooses another)",
                _ => $"port {port} cannot be listened on ({refused.SocketErrorCode})",
            };
        }
    }
}
