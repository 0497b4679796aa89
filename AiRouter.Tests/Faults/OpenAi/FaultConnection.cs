using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>One connection of the router's, at a backend that plays a script.</summary>
internal sealed class FaultConnection(Socket socket, Stream stream, FaultyBackend backend, CancellationToken stopping)
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private bool _hasRequest;

    /// <summary>The request that was read last asks for a stream.</summary>
    public bool AsksForStream { get; private set; }

    /// <summary>The answer was whole: the router may use the connection again.</summary>
    public bool IsKept { get; set; }

    /// <summary>The script has reset the connection.</summary>
    public bool WasReset { get; private set; }

    /// <summary>How long it waits after each read of a request.</summary>
    public TimeSpan ReadDelay { get; set; }

    /// <summary>A server that answers everything, and that nobody told the router to ask.</summary>
    public Uri Elsewhere => backend.Elsewhere!;

    /// <summary>The test ends.</summary>
    public CancellationToken Stopping => stopping;

    /// <summary>Waits for another request on a kept connection: whether it meets the fault is known when it has come.</summary>
    public async Task<bool> ReadAheadAsync() => _hasRequest = await ReadRequestAsync();

    /// <summary>Reads a request's head and body. False: the router has closed the connection.</summary>
    public async Task<bool> ReadRequestAsync()
    {
        if (_hasRequest)
        {
            _hasRequest = false;
            return true;
        }

        using var received = new MemoryStream();
        var needed = long.MaxValue;
        while (received.Length < needed)
        {
            var read = await stream.ReadAsync(_buffer, stopping);
            if (read == 0)
            {
                return false;
            }

            received.Write(_buffer, 0, read);
            if (ReadDelay > TimeSpan.Zero)
            {
                await Task.Delay(ReadDelay, stopping);
            }

            if (needed == long.MaxValue)
            {
                needed = LengthOf(received.GetBuffer().AsSpan(0, (int)received.Length));
            }
        }

        AsksForStream = received.GetBuffer().AsSpan(0, (int)received.Length).IndexOf("\"stream\":true"u8) >= 0;
        return true;
    }

    /// <summary>Reads the beginning of a request and leaves the rest; returns the bytes read.</summary>
    public ValueTask<int> ReadSomeAsync() => stream.ReadAsync(_buffer, stopping);

    /// <summary>Sends text as it stands.</summary>
    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends bytes as they stand.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stopping);
        await stream.FlushAsync(stopping);
        backend.AddWritten(bytes.Length);
    }

    /// <summary>Sends text byte by byte, each in a segment of its own.</summary>
    public async Task TrickleAsync(string text)
    {
        socket.NoDelay = true;
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            await WriteAsync(new[] { value });
        }
    }

    /// <summary>Waits until the client has the beginning of the answer.</summary>
    public Task UntilSeenAsync() => backend.Seen.Task.WaitAsync(stopping);

    /// <summary>Does nothing, and reads nothing, until the fault is over.</summary>
    public Task UntilHealedAsync() => backend.Healed.Task.WaitAsync(stopping);

    /// <summary>Sends nothing (more) until the router closes the connection.</summary>
    public async Task HangAsync()
    {
        while (await stream.ReadAsync(_buffer, stopping) > 0)
        {
        }
    }

    /// <summary>Sends a FIN and goes on reading.</summary>
    public void HalfClose() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Sends an RST; bytes on their way may be lost.</summary>
    public void Reset()
    {
        WasReset = true;
        socket.LingerState = new LingerOption(true, 0);
        socket.Close();
    }

    private static long LengthOf(ReadOnlySpan<byte> received)
    {
        var end = received.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return long.MaxValue;
        }

        var length = Encoding.ASCII.GetString(received[..end]).Split("\r\n")
            .Where(static l => l.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(static l => int.Parse(l["Content-Length:".Length..], CultureInfo.InvariantCulture)).FirstOrDefault();
        return end + 4 + length;
    }
}
