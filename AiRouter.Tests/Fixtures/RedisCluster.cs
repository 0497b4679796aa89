using AiRouter.Benchmarks.Processes;

namespace AiRouter.Tests.Fixtures;

/// <summary>Three primaries that have a third of the slots each.</summary>
internal sealed class RedisCluster : IAsyncDisposable
{
    private const int Slots = 16384;

    private readonly List<(RedisServer Server, int BusPort)> _nodes = [];

    private RedisCluster()
    {
    }

    /// <summary>Names two of the nodes.</summary>
    public string ConnectionString =>
        $"127.0.0.1:{_nodes[0].Server.Port},127.0.0.1:{_nodes[1].Server.Port},password={StoreServer.Password}";

    /// <summary>Starts them and waits until they are a cluster.</summary>
    public static async Task<RedisCluster> StartAsync()
    {
        var cluster = new RedisCluster();
        try
        {
            await cluster.FormAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (server, _) in _nodes)
        {
            await server.DisposeAsync();
        }
    }

    private async Task FormAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            var busPort = LoopbackPort.Free();
            _nodes.Add((await RedisServer.StartAsync("--cluster-enabled", "yes", "--cluster-port", $"{busPort}"), busPort));
        }

        for (var i = 0; i < 3; i++)
        {
            var port = _nodes[i].Server.Port;
            await RedisServer.AskAsync(port, $"CLUSTER ADDSLOTSRANGE {i * Slots / 3} {((i + 1) * Slots / 3) - 1}");
            await RedisServer.AskAsync(port, $"CLUSTER MEET 127.0.0.1 {_nodes[0].Server.Port} {_nodes[0].BusPort}");
        }

        foreach (var (server, _) in _nodes)
        {
            await Eventually.HoldsAsync(async () =>
            {
                var state = await RedisServer.AskAsync(server.Port, "CLUSTER INFO");
                return state.Contains("cluster_state:ok", StringComparison.Ordinal)
                    && state.Contains("cluster_known_nodes:3", StringComparison.Ordinal);
            });
        }
    }
}
