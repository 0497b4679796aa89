using System.Globalization;
using AiRouter.Benchmarks.Load.Raw;
using AiRouter.Benchmarks.Peers;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Comparison;

/// <summary>Measures a <see cref="LoadWorkload"/>: all peers run from the start to the end, and are asked one after the
/// other, round by round.</summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private const double MiB = 1024 * 1024;

    // On its way through a proxy nothing becomes quicker: then load and upstream had no time for each other.
    private const double Overloaded = 1.25;

    private readonly LoadWorkload _workload;
    private readonly BenchSettings _settings;
    private readonly string _limits;
    private readonly Stage _stage = new();
    private readonly List<Peer> _peers = [];
    private readonly List<string> _remarks = [];
    private readonly Dictionary<Peer, List<IReadOnlyDictionary<string, double>>> _rounds = [];
    private Peer? _direct;

    private LoadRun(LoadWorkload workload, BenchSettings settings, string limits) =>
        (_workload, _settings, _limits) = (workload, settings, limits);

    private Peer Direct => _direct!;

    /// <summary>Starts the upstream and all peers.</summary>
    public static async Task<LoadRun> StartAsync(
        LoadWorkload workload, BenchSettings settings, string limits, CancellationToken cancellationToken)
    {
        var run = new LoadRun(workload, settings, limits);
        try
        {
            await run.StartAsync(cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    /// <summary>Warms up and measures.</summary>
    public async Task<WorkloadResult> MeasureAsync(CancellationToken cancellationToken)
    {
        await RunAsync(Direct, Arguments(_workload.Request, _workload.Connections, 1), cancellationToken);
        foreach (var peer in _peers.ToList())
        {
            await WarmUpAsync(peer, cancellationToken);
        }

        for (var round = 0; round < _settings.Rounds; round++)
        {
            // Each peer is the first in its turn: whoever comes after a pause, or after somebody else, may have it better.
            foreach (var peer in _peers.Skip(round % _peers.Count).Concat(_peers.Take(round % _peers.Count)))
            {
                _rounds[peer].Add(await RoundAsync(peer, cancellationToken));
            }
        }

        return new WorkloadResult
        {
            Name = _workload.Name,
            Title = _workload.Title,
            Unit = _workload.Unit,
            Limits = _limits,
            Peers = [.. _peers.Select(p => new PeerResult(p.Name, p.IsRouter, _rounds[p]))],
            Remarks = _remarks,
        };
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        string configuration;
        if (_workload.IsTriton)
        {
            _direct = await TritonPeer.StartAsync(_stage, _settings.LoadCores, cancellationToken);
            configuration = RouterConfiguration.Triton(_direct.Port);
        }
        else
        {
            _direct = await LoadProcess.StartUpstreamAsync(_stage, _settings.LoadCores, cancellationToken);
            configuration = RouterConfiguration.OpenAi(_direct.Port);
            await StartOthersAsync(cancellationToken);
        }

        var store = _limits == "redis" ? await StorePeer.StartAsync(_stage, _settings.LoadCores, cancellationToken) : null;
        foreach (var build in _settings.Routers)
        {
            Add(await RouterPeer.StartAsync(_stage, build, configuration, store, _settings.ProxyCores, cancellationToken));
        }
    }

    private async Task StartOthersAsync(CancellationToken cancellationToken)
    {
        if (NginxPeer.Program is null)
        {
            _remarks.Add("nginx is not installed: no ratios.");
        }
        else
        {
            Add(await NginxPeer.StartAsync(_stage, Direct.Port, _settings.ProxyCores, cancellationToken));
        }

        if (_settings.WithPortkey && _workload.SuitsPortkey && _limits == "memory")
        {
            var (peer, remark) = await PortkeyPeer.StartAsync(_stage, Direct.Port, _settings.ProxyCores, cancellationToken);
            if (peer is not null)
            {
                Add(peer);
            }
            else
            {
                _remarks.Add(remark);
            }
        }
    }

    private void Add(Peer peer)
    {
        _peers.Add(peer);
        _rounds[peer] = [];
    }

    private async Task WarmUpAsync(Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            // What is paced goes other ways through the code than what is not, but would take minutes to get it compiled.
            var load = Load(_workload.Request, _workload.Connections);
            if (_workload.WarmRequest is { } other)
            {
                await WarmUp.RunAsync(peer, _settings, Load(other, 32), Units, cancellationToken);
            }

            await WarmUp.RunAsync(peer, _settings, load, Units, cancellationToken);
        }
        catch (InvalidOperationException e) when (!peer.IsRouter)
        {
            _remarks.Add(e.Message);
            _peers.Remove(peer);
        }
    }

    private async Task<IReadOnlyDictionary<string, double>> RoundAsync(Peer peer, CancellationToken cancellationToken)
    {
        var arguments = Arguments(_workload.Request, _workload.Connections, _settings.Seconds);
        var figures = await RunAsync(peer, arguments, cancellationToken);
        var units = Units(figures);
        var round = new Dictionary<string, double>();
        Put(round, Metric.Cpu, figures.CpuMicroseconds / units);
        Put(round, Metric.Rate, units / figures.Seconds);
        var latency = Latency(figures);
        Put(round, Metric.P50, latency.P50);
        Put(round, Metric.P99, latency.P99);
        Put(round, Metric.First, figures.FirstEvent.P99);
        Put(round, Metric.Peak, figures.PeakResident / MiB);
        if (_settings.MeasuresHalf && _workload.HasHalf)
        {
            await HalfAsync(peer, round, cancellationToken);
        }

        return round;
    }

    private async Task HalfAsync(Peer peer, Dictionary<string, double> round, CancellationToken cancellationToken)
    {
        var load = HalfLoad(_rounds[peer].Append(round).ToList());
        var connections = _workload.Pace > 0 ? (int)load : 2 * _workload.Connections;
        var arguments = Arguments(_workload.HalfRequest ?? _workload.Request, connections, _settings.HalfSeconds);
        if (_workload.Pace == 0)
        {
            arguments.AddRange("--rate", load.ToString("0.##", CultureInfo.InvariantCulture));
        }

        var direct = await RunAsync(Direct, arguments, cancellationToken);
        var proxied = await RunAsync(peer, arguments, cancellationToken);
        var (theirs, own) = _workload.HalfStreams > 0
            ? (direct.FirstEvent, proxied.FirstEvent) : (Latency(direct), Latency(proxied));
        if (theirs.P50 > Overloaded * own.P50)
        {
            _remarks.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"At half load of {peer.Name} the upstream itself was slower (p50 {theirs.P50:0} µs) than through it: not counted."));
            return;
        }

        Put(round, Metric.HalfLoad, load);
        Put(round, Metric.HalfP50, Latency(proxied).P50 - Latency(direct).P50);
        Put(round, Metric.HalfP99, Latency(proxied).P99 - Latency(direct).P99);
        Put(round, Metric.HalfCalm, Latency(proxied).Calm99 - Latency(direct).Calm99);
        Put(round, Metric.HalfFirst, proxied.FirstEvent.P99 - direct.FirstEvent.P99);
    }

    /// <summary>Requests a second, or streams; of all rounds so far, so that one that was disturbed does not
    /// decide.</summary>
    private double HalfLoad(List<IReadOnlyDictionary<string, double>> rounds)
    {
        if (_workload.HalfStreams > 0)
        {
            return _workload.HalfStreams;
        }

        if (_workload.Pace == 0)
        {
            return Statistics.Of(rounds.Select(static r => r[Metric.Rate.Name]))!.Median / 2 / Math.Max(1, _workload.UnitsOfAnswer);
        }

        var cpu = Statistics.Of(rounds.Select(static r => r[Metric.Cpu.Name]))!.Median;
        return Math.Clamp(Math.Floor(500_000 * _settings.ProxyCores.Count / (cpu * _workload.Pace)), 1, 4 * _workload.Connections);
    }

    private static void Put(Dictionary<string, double> round, Metric metric, double? figure)
    {
        if (figure is { } number)
        {
            round[metric.Name] = number;
        }
    }

    private double Units(LoadFigures figures) =>
        _workload.UnitsOfAnswer > 0 ? figures.Answers * _workload.UnitsOfAnswer : figures.Events;

    // Of what is paced, how long an answer takes says nothing.
    private Percentiles Latency(LoadFigures figures) => _workload.Pace > 0 ? figures.ChunkDelay : figures.Latency;

    // The gRPC client costs as much as a proxy, so it has the place of one.
    private Task<LoadFigures> RunAsync(Peer peer, IReadOnlyList<string> arguments, CancellationToken cancellationToken) =>
        LoadProcess.RunAsync(
            peer, peer == Direct && _workload.IsTriton ? _settings.ProxyCores : _settings.LoadCores, arguments, cancellationToken);

    private static List<string> Arguments(string request, int connections, double seconds) =>
        [.. Load(request, connections), "--seconds", seconds.ToString("0.##", CultureInfo.InvariantCulture)];

    private static List<string> Load(string request, int connections) =>
        ["--request", request, "--connections", connections.ToString(CultureInfo.InvariantCulture)];
}
