using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>Asks a peer until what it does costs no less than before: a runtime that compiles while it runs takes some
/// seconds.</summary>
internal static class WarmUp
{
    // Two seconds more change less than this.
    private const double Steady = 0.03;

    /// <summary>Does it, on all cores, as compiling goes on beside.</summary>
    /// <param name="peer">Whom.</param>
    /// <param name="settings">How long at most, and where.</param>
    /// <param name="load">What it is asked.</param>
    /// <param name="units">What is counted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task RunAsync(
        Peer peer, BenchSettings settings, IReadOnlyList<string> load, Func<LoadFigures, double> units, CancellationToken cancellationToken)
    {
        var costs = new List<double>();
        Pin(peer, settings.ProxyCores.Mask | settings.LoadCores.Mask);
        try
        {
            do
            {
                var figures = await LoadProcess.RunAsync(peer, settings.LoadCores, [.. load, "--seconds", "1"], cancellationToken);
                costs.Add(figures.CpuMicroseconds / units(figures));
            }
            while (!IsSteady(costs) && costs.Count < settings.Warm);
        }
        finally
        {
            Pin(peer, settings.ProxyCores.Mask);
        }
    }

    /// <summary>Whether the last two are about what the two before were.</summary>
    internal static bool IsSteady(IReadOnlyList<double> costs) =>
        costs.Count >= 4 && costs[^1] + costs[^2] > (costs[^3] + costs[^4]) * (1 - Steady);

    private static void Pin(Peer peer, ulong cores)
    {
        foreach (var process in peer.Processes)
        {
            ProcessAccount.Pin(process, cores);
        }
    }
}
