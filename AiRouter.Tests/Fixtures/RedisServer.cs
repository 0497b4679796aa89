using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AiRouter.Tests.Fixtures;

/// <summary>A real redis-server of the test's own. A test that needs one is skipped where none is installed.</summary>
internal sealed class RedisServer : StoreServer
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(20);

    private readonly string[] _arguments;

    private RedisServer(string[] arguments) => _arguments = arguments;

    /// <summary>Starts one and waits until it answers.</summary>
    /// <param name="arguments">More of redis-server's own options, such as <c>--appendonly yes</c>, one word each.</param>
    public static async Task<RedisServer> StartAsync(params string[] arguments)
    {
        var server = new RedisServer(arguments);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Asks a server of the test's own something, in the form of people; the answer is in the protocol's.</summary>
    public static async Task<string> AskAsync(int port, string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port);
        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes($"AUTH {Password}\r\n{command}\r\nPING\r\n"));

        // A Sentinel knows no QUIT, so the answer to PING is the end.
        using var deadline = new CancellationTokenSource(StartDeadline);
        var answer = new StringBuilder();
        var buffer = new byte[4096];
        while (!answer.ToString().EndsWith("+PONG\r\n", StringComparison.Ordinal))
        {
            var read = await client.GetStream().ReadAsync(buffer, deadline.Token);
            Assert.NotEqual(0, read);
            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return answer.ToString();
    }

    /// <summary>Starts redis-server.</summary>
    public static Process Launch(string folder, string[] arguments)
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = folder };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            var process = Process.Start(start)!;
            _ = process.StandardOutput.ReadToEndAsync();
            return process;
        }
        catch (Win32Exception)
        {
            Assert.Skip("redis-server is not installed.");
            throw;
        }
    }

    /// <summary>Waits until it answers.</summary>
    public static async Task AnswersAsync(Process process, int port)
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, deadline.Token);
                await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), deadline.Token);
                if (await client.GetStream().ReadAsync(new byte[64], deadline.Token) > 0)
                {
                    return;
                }
            }
            catch (SocketException)
            {
                Assert.False(process.HasExited, "redis-server ended at once.");
            }

            await Task.Delay(20, deadline.Token);
        }
    }

    /// <inheritdoc/>
    protected override Process Launch() => Launch(
        Folder,
        ["--port", $"{Port}", "--bind", "127.0.0.1", "--requirepass", Password, "--save", "", "--dir", Folder, .. _arguments]);

    /// <inheritdoc/>
    protected override Task ReadyAsync() => AnswersAsync(Process, Port);
}
