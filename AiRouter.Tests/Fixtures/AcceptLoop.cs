using System.Net.Sockets;

namespace AiRouter.Tests.Fixtures;

/// <summary>Accepts connections and serves each of them, until the test ends.</summary>
internal static class AcceptLoop
{
    /// <summary>Ends when nothing more can be accepted, and all that were accepted are served.</summary>
    /// <param name="accept">Waits for the next connection.</param>
    /// <param name="serve">Serves one, and throws nothing.</param>
    public static async Task RunAsync<TConnection>(Func<ValueTask<TConnection>> accept, Func<TConnection, Task> serve)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(serve(await accept()));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }
}
