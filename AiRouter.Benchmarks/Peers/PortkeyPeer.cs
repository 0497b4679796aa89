using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>Portkey's gateway, a popular one for Node, from npm.</summary>
internal static class PortkeyPeer
{
    private const string Package = "@portkey-ai/gateway@1.15.2";
    private static readonly TimeSpan InstallDeadline = TimeSpan.FromMinutes(5);

    // Beside this program, where builds do not look.
    private static readonly string _folder = Path.Combine(AppContext.BaseDirectory, "peers");
    private static readonly string _program = Path.Combine(_folder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");

    /// <summary>Installs it once, and starts it.</summary>
    /// <returns>It, or why there is none.</returns>
    public static async Task<(Peer? Peer, string Remark)> StartAsync(
        Stage stage, int upstream, CoreSet cores, CancellationToken cancellationToken)
    {
        if (!File.Exists(_program) && await InstallAsync(cancellationToken) is { } failure)
        {
            return (null, $"Portkey's gateway is not measured: {failure}");
        }

        var port = LoopbackPort.Free();
        string[] command = ["node", _program, string.Create(CultureInfo.InvariantCulture, $"--port={port}"), "--headless"];
        var environment = new Dictionary<string, string> { ["NODE_ENV"] = "production" };
        var server = await stage.StartAsync(
            "portkey", port, () => PinnedStart.Of(command, cores.Text, Path.Combine(stage.Folder, "portkey.log"), environment),
            cancellationToken);
        return (
            new Peer("portkey", port, [server.ProcessId])
            {
                Headers = string.Create(
                    CultureInfo.InvariantCulture, $"x-portkey-provider: openai;x-portkey-custom-host: http://127.0.0.1:{upstream}/v1"),
            },
            "");
    }

    private static async Task<string?> InstallAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(_folder);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(InstallDeadline);
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(
                "npm", ["install", "--prefix", _folder, "--no-audit", "--no-fund", "--loglevel=error", Package])
            {
                RedirectStandardOutput = true,
            })!;
            await npm.WaitForExitAsync(deadline.Token);
            return npm.ExitCode == 0 ? null : $"npm install {Package} failed.";
        }
        catch (Exception e) when (e is Win32Exception or OperationCanceledException)
        {
            return $"npm install {Package}: {e.Message}";
        }
    }
}
