using System.Globalization;
using System.Net.WebSockets;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Realtime;

/// <summary>What sessions cost that nobody speaks in, measured at a router in a process of its own.</summary>
public sealed class RealtimeMemoryTests
{
    private const int Sessions = 2000;
    private const int AtOnce = 50;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_session_holds_no_buffers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The memory of a process is read from /proc.");
        await using var backend = await RealtimeBackend.StartAsync();
        var (process, http) = await ApiProcess.StartAsync(new Dictionary<string, string>
        {
            ["AIROUTER_CONFIG_YAML"] = $$"""
                backends: { up: { url: "{{backend.Url}}", probe: { enabled: false } } }
                models: { public-model: { targets: [ { backend: up } ] } }
                server: { drainSeconds: 0, authentication: none }
                """,
        });
        await using (process)
        using (http)
        {
            var url = new UriBuilder(new Uri(http.BaseAddress!, RealtimeClient.Path)) { Scheme = "ws" }.Uri;
            var sockets = new List<ClientWebSocket>();
            try
            {
                // Everything has been used once before anything is measured.
                await OpenAsync(url, AtOnce, sockets);
                var before = MemoryOf(process.Id);
                await OpenAsync(url, Sessions, sockets);

                var each = (MemoryOf(process.Id) - before) / (double)Sessions;
                TestContext.Current.SendDiagnosticMessage("An idle session takes {0:F1} KiB", each);
                TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{each:F1} KiB"));
                Assert.InRange(each, 0, 100);
            }
            finally
            {
                sockets.ForEach(static s => s.Dispose());
            }
        }
    }

    private static async Task OpenAsync(Uri url, int count, List<ClientWebSocket> sockets)
    {
        for (var opened = 0; opened < count; opened += AtOnce)
        {
            sockets.AddRange(await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => OpenAsync(url))));
        }
    }

    /// <summary>A session in which something was said once.</summary>
    private static async Task<ClientWebSocket> OpenAsync(Uri url)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = null;
        await socket.ConnectAsync(url, Cancelled);
        await socket.SendAsync("""{"type":"hello"}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancelled);
        await socket.ReceiveAsync(new byte[64], Cancelled);
        return socket;
    }

    /// <summary>Resident, in KiB.</summary>
    private static long MemoryOf(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(static l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
