using System.Net;
using System.Net.Sockets;

namespace AiRouter.AppHost.Health;

/// <summary>Looks at ports before anything starts, because a child process would say it less clearly and later.</summary>
internal static class Port
{
    /// <summary>Why the endpoint cannot be listened on, as the end of a sentence; null when it can.</summary>
    public static string? Obstacle(Uri endpoint)
    {
        var address = IPAddress.Parse(endpoint.DnsSafeHost);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, endpoint.Port));
            socket.Listen();
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {endpoint.Port} is in use",
                SocketError.AccessDenied => $"port {endpoint.Port} needs more rights than this user has",
                SocketError.AddressNotAvailable => $"{address} is no address of this machine",
                _ => $"{address}:{endpoint.Port} cannot be listened on ({e.SocketErrorCode})",
            };
        }
    }
}
