using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AiRouter.Tests.Fixtures;

/// <summary>HTTP by hand over a socket: what was really sent, byte for byte.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Posts JSON on a connection of its own, and reads until the server closes it.</summary>
    /// <param name="root">The server.</param>
    /// <param name="path">The whole path.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">Further header lines.</param>
    /// <param name="received">Sees all that has come so far, whenever something comes.</param>
    public static Task<RawResponse> PostAsync(
        Uri root, string path, string json, string headers = "", Action<ReadOnlyMemory<byte>>? received = null) =>
        SendAsync(
            root,
            $"POST {path} HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n{headers}Connection: close\r\n" +
            $"Content-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}",
            received);

    /// <summary>Sends a request as it is written, and reads until the server closes the connection.</summary>
    public static async Task<RawResponse> SendAsync(Uri root, string request, Action<ReadOnlyMemory<byte>>? seen = null)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(root.Host, root.Port, deadline.Token);
        var stream = client.GetStream();
        using var received = new MemoryStream();
        var wasReset = false;
        try
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(request), deadline.Token);
            var buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, deadline.Token) is > 0 and var read)
            {
                received.Write(buffer, 0, read);
                seen?.Invoke(received.GetBuffer().AsMemory(0, (int)received.Length));
            }
        }
        catch (IOException)
        {
            wasReset = true;
        }

        return RawResponse.Parse(received.ToArray(), wasReset);
    }
}

/// <summary>A response as it came over the socket.</summary>
/// <param name="Head">Status line and headers.</param>
/// <param name="Body">The body without its chunk framing.</param>
/// <param name="IsWhole">It ended as its headers say: length reached, or the terminating chunk seen.</param>
/// <param name="WasReset">The connection was reset instead of closed.</param>
internal sealed record RawResponse(string Head, string Body, bool IsWhole, bool WasReset)
{
    /// <summary>The status code.</summary>
    public int Status => int.Parse(Head.AsSpan(9, 3), CultureInfo.InvariantCulture);

    /// <summary>A header, or null.</summary>
    public string? Header(string name) => Head.Split("\r\n")
        .Where(l => l.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase)).Select(l => l[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    public static RawResponse Parse(byte[] received, bool wasReset)
    {
        var headEnd = received.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(headEnd > 0, "There was no response head: " + Encoding.UTF8.GetString(received));
        var head = Encoding.UTF8.GetString(received, 0, headEnd);
        var body = received.AsSpan(headEnd + 4);
        var response = new RawResponse(head, "", false, wasReset);
        if (response.Header("Transfer-Encoding") is "chunked")
        {
            var (text, isWhole) = Unchunk(body);
            return response with { Body = text, IsWhole = isWhole };
        }

        var length = int.Parse(response.Header("Content-Length") ?? "-1", CultureInfo.InvariantCulture);
        return response with { Body = Encoding.UTF8.GetString(body), IsWhole = length == body.Length };
    }

    private static (string Text, bool IsWhole) Unchunk(ReadOnlySpan<byte> body)
    {
        using var text = new MemoryStream();
        while (body.IndexOf("\r\n"u8) is > 0 and var lineEnd)
        {
            var size = int.Parse(Encoding.ASCII.GetString(body[..lineEnd]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body = body[(lineEnd + 2)..];
            if (size == 0)
            {
                return (Encoding.UTF8.GetString(text.ToArray()), true);
            }

            var available = Math.Min(size, body.Length);
            text.Write(body[..available]);
            body = body[Math.Min(available + 2, body.Length)..];
        }

        return (Encoding.UTF8.GetString(text.ToArray()), false);
    }
}
