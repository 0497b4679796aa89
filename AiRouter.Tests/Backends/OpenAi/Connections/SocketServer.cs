using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi.Connections;

/// <summary>A backend on raw sockets that serves one request after the other on each connection, as the test says.</summary>
internal sealed class SocketServer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Func<SocketCall, Task<bool>> _answer;
    private readonly bool _readsBody;
    private readonly Task _accepting;
    private int _connections;
    private int _requests;
    private int _open;

    private SocketServer(Func<SocketCall, Task<bool>> answer, bool readsBody)
    {
        _answer = answer;
        _readsBody = readsBody;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(128);
        _accepting = AcceptLoop.RunAsync(() => _listener.AcceptAsync(_stopping.Token), ServeAsync);
    }

    /// <summary>Connections taken.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Requests read.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Connections that stand.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>What was read last, head and body.</summary>
    public string LastRequest { get; private set; } = "";

    /// <summary>As a backend.</summary>
    public BackendConfig Backend => new() { Url = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/v1") };

    /// <summary>Starts one; the answer is true when the connection goes on.</summary>
    public static SocketServer Start(Func<SocketCall, Task<bool>> answer, bool readsBody = true) => new(answer, readsBody);

    /// <summary>Starts one that sends these bytes to each request, and closes the connection unless it is to be kept.</summary>
    public static SocketServer Sending(string response, bool keeps = false) => new(async call =>
    {
        await call.WriteAsync(response);
        return keeps;
    }, readsBody: true);

    /// <summary>One of the two ways to a backend.</summary>
    public static IUpstream Way(bool isPlain, BackendConfig backend, TimeProvider? timeProvider = null) => isPlain
        ? new SocketUpstream(new SocketSettings(backend, timeProvider ?? TimeProvider.System))
        : new ClientUpstream(() => UpstreamHandler.Create(backend, null));

    /// <summary>A request to this backend.</summary>
    public UpstreamRequest Request(string method = "GET", ForwardedContent? content = null, string path = "/v1/models") =>
        new(method, new UpstreamAddress(new Uri(Backend.Url, path)), Own()) { Content = content };

    /// <summary>The headers of each request.</summary>
    public OwnHeaders Own() => new(new BackendModel("b", Backend, default, []));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task ServeAsync(Socket client)
    {
        using var call = new SocketCall(client, Interlocked.Increment(ref _connections), _stopping.Token);
        Interlocked.Increment(ref _open);
        try
        {
            while (await call.ReadAsync(_readsBody) is { } request)
            {
                LastRequest = request;
                Interlocked.Increment(ref _requests);
                if (!await _answer(call))
                {
                    client.Shutdown(SocketShutdown.Send);

                    // What still comes is read, so that closing resets nothing that is on its way.
                    while (await call.ReadSomeAsync() > 0)
                    {
                    }

                    return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The router has gone, or the test ends.
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}

/// <summary>A connection to a <see cref="SocketServer"/>.</summary>
/// <param name="Client">The socket.</param>
/// <param name="Number">The how many-th connection it is.</param>
/// <param name="Stopping">The test ends.</param>
internal sealed record SocketCall(Socket Client, int Number, CancellationToken Stopping) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly NetworkStream _stream = new(Client, ownsSocket: true);

    /// <summary>Reads a request with the body that its length says; null: the connection has ended.</summary>
    public async Task<string?> ReadAsync(bool withBody = true)
    {
        var text = new StringBuilder();
        while (!IsWhole(text, withBody))
        {
            var read = await ReadSomeAsync();
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.Latin1.GetString(_buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Reads some bytes.</summary>
    public async Task<int> ReadSomeAsync() => await _stream.ReadAsync(_buffer, Stopping);

    public void Dispose() => _stream.Dispose();

    /// <summary>Sends text as Latin-1.</summary>
    public Task WriteAsync(string text) => _stream.WriteAsync(Encoding.Latin1.GetBytes(text), Stopping).AsTask();

    private static bool IsWhole(StringBuilder received, bool withBody)
    {
        // The head lies in what came first; a long body is not looked through again for each piece of it.
        var text = received.ToString(0, Math.Min(received.Length, 4096));
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        var length = at < 0 || at > end ? 0 : int.Parse(text[(at + 16)..text.IndexOf('\r', at)], CultureInfo.InvariantCulture);
        return end >= 0 && (!withBody || received.Length >= end + 4 + length);
    }
}
