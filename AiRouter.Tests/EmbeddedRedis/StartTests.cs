using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AiRouter.Benchmarks.Processes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.EmbeddedRedis;

/// <summary>A start that cannot be ends with code 1 and one clear sentence.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("airouter-store-").FullName;

    [Fact]
    public async Task Port_that_is_taken_is_named()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Assert.Equal(
            $"AiRouter.EmbeddedRedis: port {port} is in use (AIROUTER_REDIS_PORT chooses another)",
            await RefusalAsync(GarnetServer.StartInfo(_folder, port)));
    }

    [Fact]
    public async Task Port_of_another_embedded_store_is_taken_too()
    {
        await using var server = await GarnetServer.StartAsync();

        Assert.Equal(
            $"AiRouter.EmbeddedRedis: port {server.Port} is in use (AIROUTER_REDIS_PORT chooses another)",
            await RefusalAsync(GarnetServer.StartInfo(_folder, server.Port)));
    }

    [Fact]
    public async Task Folder_of_another_process_is_left_alone()
    {
        await using var server = await GarnetServer.StartAsync();

        var refusal = await RefusalAsync(GarnetServer.StartInfo(server.Folder, LoopbackPort.Free()));

        Assert.StartsWith(
            $"AiRouter.EmbeddedRedis: the folder {server.Folder}{Path.DirectorySeparatorChar}store cannot be used, another process may be using it",
            refusal,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, string.Empty, TestContext.Current.CancellationToken);

        var refusal = await RefusalAsync(GarnetServer.StartInfo(Path.Combine(file, "data"), LoopbackPort.Free()));

        Assert.StartsWith($"AiRouter.EmbeddedRedis: the folder {file}", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AIROUTER_REDIS_PASSWORD", "")]
    [InlineData("AIROUTER_REDIS_PASSWORD", "a,b")]
    [InlineData("AIROUTER_DATA", "")]
    [InlineData("AIROUTER_REDIS_PORT", "70000")]
    [InlineData("AIROUTER_REDIS_MEMORY_MIB", "1")]
    public async Task Setting_that_is_wrong_is_named(string name, string value)
    {
        var start = GarnetServer.StartInfo(_folder, LoopbackPort.Free());
        start.Environment[name] = value;

        Assert.StartsWith($"AiRouter.EmbeddedRedis: {name} ", await RefusalAsync(start), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_without_the_password_gets_nothing()
    {
        await using var server = await GarnetServer.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, server.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync("*2\r\n$3\r\nGET\r\n$1\r\na\r\n"u8.ToArray(), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("-NOAUTH", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> RefusalAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        return errors.Trim();
    }
}
