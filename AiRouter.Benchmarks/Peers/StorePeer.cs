using System.Globalization;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>A Redis that keeps limits, with an append-only file that is written once a second, as one in operation
/// has.</summary>
internal static class StorePeer
{
    /// <summary>Starts it.</summary>
    /// <returns>How it is reached.</returns>
    public static async Task<string> StartAsync(Stage stage, CoreSet cores, CancellationToken cancellationToken)
    {
        if (!Stage.HasRedis)
        {
            throw new InvalidOperationException("redis-server is not installed: limits in Redis cannot be measured.");
        }

        var port = LoopbackPort.Free();
        var folder = Directory.CreateDirectory(Path.Combine(stage.Folder, "redis")).FullName;
        string[] command =
        [
            "redis-server", "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "yes",
            "--appendfsync", "everysec", "--dir", folder,
        ];
        await stage.StartAsync(
            "redis", port, () => PinnedStart.Of(command, cores.Text, Path.Combine(folder, "log"), new Dictionary<string, string>()),
            cancellationToken);
        return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
    }
}
