using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>What a request costs when there is more of everything: models, keys, connections, prompt. It may not grow,
/// or only as the prompt does.</summary>
internal sealed class GrowthWorkload : IWorkload
{
    private const double MiB = 1024 * 1024;
    private const int Models = 1000;
    private const int Keys = 10_000;

    private static readonly Step[] _steps =
    [
        new("1 model, 1 key, 32 connections, 300 B", 0, 0, ["--request", "chat", "--connections", "32"]),
        new("1,000 models and 100 wildcards", Models, 0, ["--request", "chat", "--connections", "32", "--models", "1000"]),
        new("10,000 keys", 0, Keys, ["--request", "chat", "--connections", "32", "--keys", "10000"]),
        new("8 connections", 0, 0, ["--request", "chat", "--connections", "8"]),
        new("128 connections", 0, 0, ["--request", "chat", "--connections", "128"]),
        new("512 connections", 0, 0, ["--request", "chat", "--connections", "512"]),
        new("prompt of 1 KiB", 0, 0, ["--request", "prompt/1024", "--connections", "16"]),
        new("prompt of 16 KiB", 0, 0, ["--request", "prompt/16384", "--connections", "16"]),
        new("prompt of 256 KiB", 0, 0, ["--request", "prompt/262144", "--connections", "16"]),
        new("prompt of 1 MiB", 0, 0, ["--request", "prompt/1048576", "--connections", "16"]),
    ];

    /// <inheritdoc/>
    public string Name => "growth";

    /// <inheritdoc/>
    public string Title => "how the cost of a chat grows";

    /// <inheritdoc/>
    public bool DependsOnLimits => false;

    /// <inheritdoc/>
    public async Task<WorkloadResult> RunAsync(BenchSettings settings, string limits, CancellationToken cancellationToken)
    {
        await using var stage = new Stage();
        var upstream = await LoadProcess.StartUpstreamAsync(stage, settings.LoadCores, cancellationToken);
        var rows = new List<(string Name, Peer Peer, Step Step, List<IReadOnlyDictionary<string, double>> Rounds)>();
        if (NginxPeer.Program is not null)
        {
            var nginx = await NginxPeer.StartAsync(stage, upstream.Port, settings.ProxyCores, cancellationToken);
            foreach (var step in _steps.Where(static s => s is { Models: 0, Keys: 0 }))
            {
                rows.Add(($"{nginx.Name}, {step.Name}", nginx, step, []));
            }
        }

        foreach (var build in settings.Routers)
        {
            var routers = new Dictionary<(int Models, int Keys), Peer>();
            foreach (var step in _steps)
            {
                if (!routers.TryGetValue((step.Models, step.Keys), out var router))
                {
                    var configuration = RouterConfiguration.OpenAi(upstream.Port, step.Models, step.Keys);
                    router = await RouterPeer.StartAsync(stage, build, configuration, null, settings.ProxyCores, cancellationToken);
                    routers.Add((step.Models, step.Keys), router);
                    await WarmUp.RunAsync(router, settings, step.Load, static f => f.Answers, cancellationToken);
                }

                rows.Add(($"{build.Label}, {step.Name}", router, step, []));
            }
        }

        for (var round = 0; round < settings.Rounds; round++)
        {
            foreach (var (_, peer, step, figures) in rows)
            {
                string[] arguments = [.. step.Load, "--seconds", "2"];
                var found = await LoadProcess.RunAsync(peer, settings.LoadCores, arguments, cancellationToken);
                figures.Add(new Dictionary<string, double>
                {
                    [Metric.Cpu.Name] = found.CpuMicroseconds / found.Answers,
                    [Metric.Rate.Name] = found.Answers / found.Seconds,
                    [Metric.Peak.Name] = found.PeakResident / MiB,
                });
            }
        }

        return new WorkloadResult
        {
            Name = Name,
            Title = Title,
            Unit = "request",
            Peers = [.. rows.Select(static r => new PeerResult(r.Name, r.Peer.IsRouter, r.Rounds))],
        };
    }

    private sealed record Step(string Name, int Models, int Keys, string[] Load);
}
