using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiRouter.Tests.Fixtures;

/// <summary>A backend without an HTTP server: it answers each connection with bytes as the test writes them.</summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _answer;
    private readonly Task _accepting;

    private RawUpstream(Func<NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptLoop.RunAsync(() => _listener.AcceptTcpClientAsync(_stopping.Token), ServeAsync);
    }

    /// <summary>What a backend's <c>url</c> is set to.</summary>
    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>Starts one whose answers are these bytes, after which it closes the connection.</summary>
    public static RawUpstream Answering(string response) => new((stream, cancellationToken) =>
        stream.WriteAsync(Encoding.UTF8.GetBytes(response), cancellationToken).AsTask());

    /// <summary>Starts one that answers by hand; the connection closes when the task ends.</summary>
    public static RawUpstream Start(Func<NetworkStream, CancellationToken, Task> answer) => new(answer);

    /// <summary>An event stream's head and the events, as one response that ends with its connection.</summary>
    public static RawUpstream Events(string events, string contentType = "Content-Type: text/event-stream\r\n") =>
        Answering($"HTTP/1.1 200 OK\r\n{contentType}Connection: close\r\n\r\n{events}");

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        try
        {
            var stream = client.GetStream();
            var head = new byte[16 * 1024];
            var length = 0;
            while (!head.AsSpan(0, length).EndsWith("}"u8) && head.AsSpan(0, length).IndexOf("\r\n\r\n"u8) < 0)
            {
                var read = await stream.ReadAsync(head.AsMemory(length), _stopping.Token);
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            await _answer(stream, _stopping.Token);
            client.Client.Shutdown(SocketShutdown.Send);

            // What the router still sends is read, so that closing resets nothing that it has not read yet.
            while (await stream.ReadAsync(head, _stopping.Token) > 0)
            {
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The router has gone, or the test ends.
        }
    }
}
