using System.Globalization;
using AiRouter.AppHost.Processes;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Peers;

/// <summary>The simulated Triton as a process of its own; as a peer it is asked by a bare gRPC client.</summary>
internal static class TritonPeer
{
    /// <summary>Starts it.</summary>
    public static async Task<Peer> StartAsync(Stage stage, CoreSet cores, CancellationToken cancellationToken)
    {
        var port = LoopbackPort.Free();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"),
            ["SIM__EmbeddingDimensions"] = "1024",
            ["DOTNET_TC_CallCountingDelayMs"] = "0",
        };
        string[] command = ["dotnet", BuiltProject.AssemblyOf("AiRouter.TritonSimulator")];
        var server = await stage.StartAsync(
            "simulator", port, () => PinnedStart.Of(command, cores.Text, Path.Combine(stage.Folder, "simulator.log"), environment),
            cancellationToken);
        return new Peer(Peer.Direct, port, [server.ProcessId]) { Load = "grpc-load" };
    }
}
