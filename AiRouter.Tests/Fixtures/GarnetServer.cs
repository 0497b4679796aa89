using System.Diagnostics;
using AiRouter.AppHost.Processes;

namespace AiRouter.Tests.Fixtures;

/// <summary>The embedded store (AiRouter.EmbeddedRedis) of the test's own, as the process that it is.</summary>
internal sealed class GarnetServer : StoreServer
{
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(30);

    private GarnetServer()
    {
    }

    /// <summary>Starts one and waits until it answers.</summary>
    public static async Task<GarnetServer> StartAsync()
    {
        var server = new GarnetServer();
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>How to start one.</summary>
    public static ProcessStartInfo StartInfo(string folder, int port)
    {
        var start = BuiltProject.StartInfo("AiRouter.EmbeddedRedis");
        start.WorkingDirectory = Path.GetTempPath();
        start.Environment["AIROUTER_DATA"] = folder;
        start.Environment["AIROUTER_REDIS_PORT"] = $"{port}";
        start.Environment["AIROUTER_REDIS_PASSWORD"] = Password;
        return start;
    }

    /// <inheritdoc/>
    protected override Process Launch()
    {
        var process = Process.Start(StartInfo(Folder, Port))!;
        _ = process.StandardError.ReadToEndAsync();
        return process;
    }

    /// <inheritdoc/>
    protected override async Task ReadyAsync()
    {
        var line = await Process.StandardOutput.ReadLineAsync().WaitAsync(StartDeadline);
        Assert.StartsWith("The store listens", line, StringComparison.Ordinal);
        _ = Process.StandardOutput.ReadToEndAsync();
    }
}
