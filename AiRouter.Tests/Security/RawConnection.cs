using System.Net.Sockets;
using System.Text;

namespace AiRouter.Tests.Security;

/// <summary>A connection on which a test writes what it likes, and reads what comes.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly CancellationTokenSource _deadline = new(Deadline);

    /// <summary>The bytes both ways.</summary>
    public NetworkStream Stream { get; private set; } = null!;

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(Uri root)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(root.Host, root.Port, connection._deadline.Token);
        connection.Stream = connection._client.GetStream();
        return connection;
    }

    /// <summary>Sends bytes, one for each character.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes, _deadline.Token);

    /// <summary>Sends bytes; false when the other end has gone.</summary>
    public async Task<bool> TrySendAsync(byte[] bytes)
    {
        try
        {
            await SendAsync(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>No more will be sent.</summary>
    public void Finish() => _client.Client.Shutdown(SocketShutdown.Send);

    /// <summary>Everything until the other end closes the connection, or resets it.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var received = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(received, _deadline.Token);
        }
        catch (IOException)
        {
            // Reset: what came before it counts.
        }

        return Encoding.Latin1.GetString(received.ToArray());
    }

    /// <summary>Everything until the other end closes the connection; it is told that no more comes only when it has been silent for
    /// long, because a client that closes its side has gone, and its request with it.</summary>
    public async Task<string> ReadUntilClosedAsync()
    {
        var everything = ReadToEndAsync();
        if (await Task.WhenAny(everything, Task.Delay(Patience)) != everything)
        {
            Finish();
        }

        return await everything;
    }

    /// <summary>Everything until it holds <paramref name="text"/>; fails when the connection ends before.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var received = new StringBuilder();
        var buffer = new byte[4096];
        while (!received.ToString().Contains(text, StringComparison.Ordinal))
        {
            var read = await Stream.ReadAsync(buffer, _deadline.Token);
            Assert.True(read > 0, $"The connection ended after: {received}");
            received.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return received.ToString();
    }

    /// <summary>The status codes of all responses in what was read.</summary>
    public static IReadOnlyList<int> Statuses(string received) =>
        [.. System.Text.RegularExpressions.Regex.Matches(received, @"HTTP/1\.1 (\d\d\d) ").Select(m => int.Parse(m.Groups[1].ValueSpan, null))];

    public void Dispose()
    {
        _client.Dispose();
        _deadline.Dispose();
    }
}
