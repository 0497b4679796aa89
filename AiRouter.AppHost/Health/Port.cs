using System.Net;
using System.Net.Sockets;

namespace AiRouter.AppHost.Health;

/// <summary>Looks at ports before anything starts, because a child process would say it less clearly and later.</summary>
internal static class Port
{
    /// <summary>Why the endpoint cannot be listened on and what to do, as the end of a sentence; null when it can.</summary>
    /// <param name="endpoint">An address and a port of this machine.</param>
    /// <param name="option">The option that chooses the port.</param>
    public static string? Obstacle(Uri endpoint, string option)
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
                SocketError.AddressAlreadyInUse => $"port {endpoint.Port} is in use (choose another with {option} N)",
                SocketError.AccessDenied =>
                    $"port {endpoint.Port} needs more rights than this user has (choose another with {option} N)",
                SocketError.AddressNotAvailable => $"{address} is no address of this machine (choose another with --listen ADDR)",
                _ => $"{address}:{endpoint.Port} cannot be listened on ({e.SocketErrorCode})",
            };
        }
    }
}
