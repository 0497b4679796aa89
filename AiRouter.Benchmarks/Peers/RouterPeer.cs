using System.Globalization;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>The router, with everything on that costs time: keys, a map of models, limits and prices, metrics, the
/// access log.</summary>
internal static class RouterPeer
{
    /// <summary>Starts it, and waits until it is ready.</summary>
    /// <param name="stage">What it runs on.</param>
    /// <param name="build">Which build.</param>
    /// <param name="configuration">Its configuration's text.</param>
    /// <param name="store">Where limits are kept; null: in memory.</param>
    /// <param name="cores">Where it runs.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Peer> StartAsync(
        Stage stage, RouterBuild build, string configuration, string? store, CoreSet cores, CancellationToken cancellationToken)
    {
        // Else compiled code is replaced by better code only after 100 ms without new methods, which one core under load never has:
        // half a minute of warming up instead of some seconds, and the same code at its end.
        var environment = new Dictionary<string, string> { ["DOTNET_TC_CallCountingDelayMs"] = "0" };
        if (store is not null)
        {
            environment["ConnectionStrings__redis"] = store;
        }

        var peer = await LaunchAsync(stage, build, configuration, environment, cores, cancellationToken);
        await WaitUntilReadyAsync(peer.Port, cancellationToken);
        return peer;
    }

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static async Task<Peer> LaunchAsync(
        Stage stage, RouterBuild build, string configuration, Dictionary<string, string> environment, CoreSet cores,
        CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        var name = string.Create(CultureInfo.InvariantCulture, $"{build.Label}-{port}");
        var folder = Directory.CreateDirectory(Path.Combine(stage.Folder, name)).FullName;
        var file = Path.Combine(folder, "airouter.yaml");
        await File.WriteAllTextAsync(file, configuration, cancellationToken);
        environment["AIROUTER_CONFIG"] = file;
        environment["AIROUTER_CONFIG_MODE"] = "gitops";
        environment["AIROUTER_DATA"] = Path.Combine(folder, "data");
        environment["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var log = Path.Combine(folder, "log");
        try
        {
            var server = await stage.StartAsync(
                build.Label, port, () => PinnedStart.Of(build.Command, cores.Text, log, environment), cancellationToken);
            return new Peer(build.Label, port, [server.ProcessId]) { IsRouter = true };
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            var lines = File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "";
            throw new InvalidOperationException($"{build.Label} did not start:\n{lines}", e);
        }
    }

    private static async Task WaitUntilReadyAsync(int port, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var client = new HttpClient();
        var ready = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/health/ready"));
        while (true)
        {
            using var answer = await client.GetAsync(ready, deadline.Token);
            if (answer.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(20, deadline.Token);
        }
    }
}
