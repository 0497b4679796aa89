using System.Globalization;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>Streams that have begun and say nothing: what each holds in memory. Each round has processes of its own,
/// which have answered before.</summary>
internal sealed class IdleWorkload : IWorkload
{
    private const int Streams = 2000;
    private const double MiB = 1024 * 1024;

    /// <inheritdoc/>
    public string Name => "idle";

    /// <inheritdoc/>
    public string Title => "2,000 idle streams, each after its first chunk";

    /// <inheritdoc/>
    public bool DependsOnLimits => false;

    /// <inheritdoc/>
    public async Task<WorkloadResult> RunAsync(BenchSettings settings, string limits, CancellationToken cancellationToken)
    {
        var rounds = new Dictionary<string, List<IReadOnlyDictionary<string, double>>>();
        for (var round = 0; round < Math.Min(3, settings.Rounds); round++)
        {
            if (NginxPeer.Program is not null)
            {
                await RoundAsync(Peer.Nginx, NginxPeer.StartAsync);
            }

            foreach (var build in settings.Routers)
            {
                await RoundAsync(build.Label, (stage, upstream, cores, token) =>
                    RouterPeer.StartAsync(stage, build, RouterConfiguration.OpenAi(upstream), null, cores, token));
            }
        }

        return new WorkloadResult
        {
            Name = Name,
            Title = Title,
            Unit = "stream",
            Peers = [.. rounds.Select(r => new PeerResult(r.Key, settings.Routers.Any(b => b.Label == r.Key), r.Value))],
        };

        async Task RoundAsync(string name, Func<Stage, int, CoreSet, CancellationToken, Task<Peer>> start)
        {
            if (!rounds.TryGetValue(name, out var figures))
            {
                rounds[name] = figures = [];
            }

            await using var stage = new Stage();
            var upstream = await LoadProcess.StartUpstreamAsync(stage, settings.LoadCores, cancellationToken);
            var peer = await start(stage, upstream.Port, settings.ProxyCores, cancellationToken);
            figures.Add(await MeasureAsync(settings, peer, cancellationToken));
        }
    }

    private static async Task<IReadOnlyDictionary<string, double>> MeasureAsync(
        BenchSettings settings, Peer peer, CancellationToken cancellationToken)
    {
        // What the code itself takes is no stream's.
        await LoadProcess.RunAsync(
            peer, settings.LoadCores, ["--request", "stream/200/0", "--connections", "32", "--seconds", "3"], cancellationToken);
        var before = peer.Processes.Sum(ProcessAccount.Resident);
        var held = await LoadProcess.RunAsync(
            peer, settings.LoadCores,
            ["--request", "idle", "--connections", Streams.ToString(CultureInfo.InvariantCulture), "--seconds", "5"],
            cancellationToken);
        return new Dictionary<string, double>
        {
            [Metric.PerStream.Name] = (held.Resident - before) / 1024.0 / Streams,
            [Metric.Resident.Name] = held.Resident / MiB,
            [Metric.Peak.Name] = held.PeakResident / MiB,
        };
    }
}
