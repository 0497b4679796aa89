using System.Collections.Concurrent;
using AiRouter.Benchmarks.Processes;
using AiRouter.Benchmarks.Upstreams;

namespace AiRouter.Benchmarks.Soak;

/// <summary>What goes wrong around the router: processes are killed, frozen and started again, and the configuration is edited.</summary>
internal sealed class SoakFaults(
    int seed,
    IReadOnlyList<ServerProcess> simulators,
    IReadOnlyList<FaultyUpstream> upstreams,
    ServerProcess store,
    SoakConfiguration configuration)
{
    private readonly Random _random = new(seed + 2);
    private int _version;

    /// <summary>How often each thing happened.</summary>
    public ConcurrentDictionary<string, int> Happened { get; } = [];

    /// <summary>One thing after the other, some seconds apart, until it is stopped; then everything runs again.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (await WaitAsync(_random.Next(1500, 4000), stopping))
        {
            await HappenAsync(_random.Next(8), stopping);
        }
    }

    /// <summary>Edits the configuration every few seconds.</summary>
    public async Task ReloadAsync(CancellationToken stopping)
    {
        while (await WaitAsync(2500, stopping))
        {
            configuration.Write(++_version);
            Count("configuration edited");
        }
    }

    private async Task HappenAsync(int which, CancellationToken stopping)
    {
        var down = _random.Next(500, 2500);
        switch (which)
        {
            case 0 or 1 or 2:
                var simulator = simulators[_random.Next(simulators.Count)];
                Count("simulator killed");
                await simulator.KillAsync();
                await WaitAsync(down, stopping);
                await simulator.StartAsync(CancellationToken.None);
                break;
            case 3:
                var frozen = simulators[_random.Next(simulators.Count)];
                Count("simulator frozen");
                await frozen.FreezeAsync();
                await WaitAsync(down, stopping);
                await frozen.ThawAsync();
                break;
            case 4 or 5:
                var upstream = upstreams[_random.Next(upstreams.Count)];
                Count("upstream killed");
                await upstream.StopAsync();
                await WaitAsync(down, stopping);
                await upstream.StartAsync();
                break;
            case 6:
                Count("store frozen");
                await store.FreezeAsync();
                await WaitAsync(down, stopping);
                await store.ThawAsync();
                break;
            default:
                Count("store restarted");
                await EndStoreAsync();
                await WaitAsync(down / 2, stopping);
                await store.StartAsync(CancellationToken.None);
                break;
        }
    }

    /// <summary>A killed Redis keeps what it confirmed (its log is written before it answers); the embedded store may lose a second.</summary>
    private Task EndStoreAsync() => Stage.HasRedis ? store.KillAsync() : store.StopAsync();

    private void Count(string what) => Happened.AddOrUpdate(what, 1, static (_, count) => count + 1);

    private static async Task<bool> WaitAsync(int milliseconds, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(milliseconds, stopping);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
