using System.Net;
using System.Net.Sockets;

namespace AiRouter.Benchmarks.Processes;

/// <summary>Ports for servers that have to know theirs before they listen, or listen at the same one again.</summary>
internal static class LoopbackPort
{
    // Below the ports that the system gives to those who ask for any, connections among them: else one of these could
    // take the port before its server does.
    private const int First = 20_000;
    private const int Last = 30_000;

    /// <summary>A loopback port that is free now.</summary>
    public static int Free()
    {
        int port;
        do
        {
            port = Random.Shared.Next(First, Last);
        }
        while (!IsFree(port));

        return port;
    }

    /// <summary>Whether nobody listens there.</summary>
    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
