using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Faults.Clients;

/// <summary>A client by hand: it sends what it likes, reads as far as it likes, and goes when it likes.</summary>
internal sealed class FaultClient : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(40);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly CancellationTokenSource _deadline = new(Deadline);
    private readonly MemoryStream _received = new();
    private NetworkStream? _stream;
    private bool _wasReset;

    private FaultClient()
    {
    }

    /// <summary>What has come so far.</summary>
    public string Received => Encoding.UTF8.GetString(_received.GetBuffer(), 0, (int)_received.Length);

    /// <summary>Connects.</summary>
    /// <param name="root">The router.</param>
    /// <param name="receives">Bytes that its system buffers for it; null: as usual.</param>
    public static async Task<FaultClient> ConnectAsync(Uri root, int? receives = null)
    {
        var client = new FaultClient();
        client._client.ReceiveBufferSize = receives ?? client._client.ReceiveBufferSize;
        await client._client.ConnectAsync(root.Host, root.Port, client._deadline.Token);
        client._stream = client._client.GetStream();
        return client;
    }

    /// <summary>Sends text as it stands.</summary>
    public Task SendAsync(string text) => _stream!.WriteAsync(Encoding.UTF8.GetBytes(text), _deadline.Token).AsTask();

    /// <summary>Sends bytes as they stand.</summary>
    public Task SendAsync(byte[] bytes) => _stream!.WriteAsync(bytes, _deadline.Token).AsTask();

    /// <summary>Sends no more, and reads on (FIN).</summary>
    public void HalfClose() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Reads until this has come.</summary>
    public async Task ReadUntilAsync(string text)
    {
        while (!Received.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync(), "The router has closed the connection: " + Received);
        }
    }

    /// <summary>Reads to the end of the connection; what the server says before its answer (100) is left out.</summary>
    public async Task<RawResponse> ReadAllAsync()
    {
        while (await ReadAsync())
        {
        }

        var all = _received.ToArray();
        var interim = "HTTP/1.1 100 Continue\r\n\r\n"u8;
        return RawResponse.Parse(all.AsSpan().StartsWith(interim) ? all[interim.Length..] : all, _wasReset);
    }

    /// <summary>Reads to the end of a connection that ends without an answer.</summary>
    public async Task EndsAsync()
    {
        while (await ReadAsync())
        {
        }

        Assert.Equal("", Received);
    }

    /// <summary>Closes the connection: as a client does that is done with it (FIN), or as one that dies (RST).</summary>
    public void Leave(bool withReset)
    {
        if (withReset)
        {
            _client.Client.LingerState = new LingerOption(true, 0);
        }

        _client.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _deadline.Dispose();
        _received.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            var read = await _stream!.ReadAsync(buffer, _deadline.Token);
            _received.Write(buffer, 0, read);
            return read > 0;
        }
        catch (IOException)
        {
            _wasReset = true;
            return false;
        }
    }
}
