using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

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

    /// <inheritdoc/>
    protected override Process Launch()
    {
        var start = new ProcessStartInfo("redis-server") { RedirectStandardOutput = true, WorkingDirectory = Folder };
        foreach (var argument in (string[])
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--requirepass", Password, "--save", "", "--dir", Folder, .. _arguments])
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

    /// <inheritdoc/>
    protected override async Task ReadyAsync()
    {
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port, deadline.Token);
                await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), deadline.Token);
                if (await client.GetStream().ReadAsync(new byte[64], deadline.Token) > 0)
                {
                    return;
                }
            }
            catch (SocketException)
            {
                Assert.False(Process.HasExited, "redis-server ended at once.");
            }

            await Task.Delay(20, deadline.Token);
        }
    }
}
