using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Security;

/// <summary>
/// A backend that reads HTTP/1.1 to the letter, byte for byte, on connections that stay open: what the router sends must be whole
/// requests, each with one length, and nothing between them.
/// </summary>
internal sealed class StrictUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _answer;
    private readonly Task _accepting;
    private int _connections;

    private StrictUpstream(string answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptLoop.RunAsync(() => _listener.AcceptTcpClientAsync(_stopping.Token), ServeAsync);
    }

    /// <summary>What a backend's <c>url</c> is set to.</summary>
    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/v1");

    /// <summary>Whole requests so far.</summary>
    public ConcurrentQueue<StrictRequest> Requests { get; } = [];

    /// <summary>What was no whole request.</summary>
    public ConcurrentQueue<string> Problems { get; } = [];

    /// <summary>Connections that were made to it, ever.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Starts one that gives each request this answer.</summary>
    public static StrictUpstream Start(string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}") => new(answer);

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
        Interlocked.Increment(ref _connections);
        var stream = client.GetStream();
        try
        {
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                await stream.WriteAsync(Encoding.UTF8.GetBytes(_answer), _stopping.Token);
                if (_answer.Contains("Connection: close", StringComparison.Ordinal))
                {
                    return;
                }
            }
        }
        catch (FormatException wrong)
        {
            Problems.Enqueue(wrong.Message);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or SocketException)
        {
            // The router has gone, or the test ends.
        }
    }

    private async Task<StrictRequest?> ReadAsync(NetworkStream stream)
    {
        if (await LineAsync(stream) is not { } first)
        {
            return null;
        }

        var parts = first.Split(' ');
        Require(parts.Length == 3 && parts[2] == "HTTP/1.1" && parts[0].All(char.IsAsciiLetterUpper), $"request line: {first}");
        Require(parts[1].StartsWith('/') && parts[1].All(static c => c is > ' ' and <= '~'), $"target: {parts[1]}");
        var headers = new List<(string Name, string Value)>();
        while (await LineAsync(stream) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Require(colon > 0 && line[..colon].All(static c => char.IsAsciiLetterOrDigit(c) || c == '-'), $"header: {line}");
            Require(!line.Any(char.IsControl), $"header: {line}");
            headers.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        var lengths = All(headers, "Content-Length");
        var codings = All(headers, "Transfer-Encoding");
        Require(lengths.Count + codings.Count <= 1, "more than one length");
        Require(All(headers, "Host").Count == 1, "one Host");
        var body = codings.Count > 0 ? await ChunksAsync(stream) : lengths.Count > 0 ? await BytesAsync(stream, Number(lengths[0], NumberStyles.None)) : [];
        return new StrictRequest(parts[0], parts[1], headers, Encoding.UTF8.GetString(body));
    }

    private async Task<byte[]> ChunksAsync(NetworkStream stream)
    {
        using var whole = new MemoryStream();
        while (true)
        {
            var size = Number((await LineAsync(stream))!, NumberStyles.AllowHexSpecifier);
            whole.Write(await BytesAsync(stream, size));
            Require(await LineAsync(stream) is "", "the end of a chunk");
            if (size == 0)
            {
                return whole.ToArray();
            }
        }
    }

    private async Task<byte[]> BytesAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stopping.Token);
        return bytes;
    }

    private async Task<string?> LineAsync(NetworkStream stream)
    {
        var line = new List<byte>();
        var one = new byte[1];
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            if (await stream.ReadAsync(one, _stopping.Token) == 0)
            {
                Require(line.Count == 0, "the connection ends in a line");
                return null;
            }

            line.Add(one[0]);
        }

        var text = Encoding.UTF8.GetString(line.ToArray(), 0, line.Count - 2);
        Require(!text.Contains('\r') && !text.Contains('\n'), "a bare line end");
        return text;
    }

    private static List<string> All(List<(string Name, string Value)> headers, string name) =>
        [.. headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value)];

    private static int Number(string text, NumberStyles style) => int.Parse(text, style, CultureInfo.InvariantCulture);

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new FormatException(what);
        }
    }
}

/// <summary>A request as it was on the wire.</summary>
internal sealed record StrictRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, string Body)
{
    /// <summary>A header, or null.</summary>
    public string? Header(string name) =>
        Headers.Where(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).FirstOrDefault();
}
