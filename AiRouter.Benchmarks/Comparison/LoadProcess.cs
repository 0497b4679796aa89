using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>Runs this program's <c>load</c> and <c>upstream</c> as processes of their own on the cores for load,
/// compiled once and fully.</summary>
internal static class LoadProcess
{
    private static readonly Dictionary<string, string> _environment = new() { ["DOTNET_TieredCompilation"] = "0" };

    /// <summary>Starts the upstream.</summary>
    public static async Task<Peer> StartUpstreamAsync(Stage stage, CoreSet cores, CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        var command = Command("upstream", "--port", Text(port));
        var log = Path.Combine(stage.Folder, "upstream.log");
        var server = await stage.StartAsync(
            "upstream", port, () => PinnedStart.Of(command, cores.Text, log, _environment), cancellationToken);
        return new Peer(Peer.Direct, port, [server.ProcessId]);
    }

    /// <summary>Asks a peer.</summary>
    /// <param name="peer">Which.</param>
    /// <param name="cores">Where load runs.</param>
    /// <param name="arguments">What else <c>load</c> is told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Answers were wrong, or there were none.</exception>
    public static async Task<LoadFigures> RunAsync(
        Peer peer, CoreSet cores, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var log = Path.GetTempFileName();
        try
        {
            var command = Command(
            [
                peer.Load, "--port", Text(peer.Port), "--pids", string.Join(',', peer.Processes.Select(Text)),
                "--headers", peer.Headers, .. arguments,
            ]);
            using var process = Process.Start(PinnedStart.Of(command, cores.Text, log, _environment))!;
            try
            {
                await process.WaitForExitAsync(cancellationToken);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill();
                }
            }

            var output = await File.ReadAllTextAsync(log, cancellationToken);
            return process.ExitCode == 0
                ? JsonSerializer.Deserialize<LoadFigures>(output, LoadCommand.Json)!
                : throw new InvalidOperationException($"load on {peer.Name} ({string.Join(' ', arguments)}) failed: {output}");
        }
        finally
        {
            File.Delete(log);
        }
    }

    private static List<string> Command(params ReadOnlySpan<string> arguments) =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "AiRouter.Benchmarks.dll"), .. arguments];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
