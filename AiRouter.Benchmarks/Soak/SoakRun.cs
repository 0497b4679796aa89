using System.Diagnostics;
using AiRouter.Benchmarks.Load;
using AiRouter.Benchmarks.Processes;
using AiRouter.Benchmarks.Upstreams;

namespace AiRouter.Benchmarks.Soak;

/// <summary>One run: a router, a store, two simulators and two upstreams; load and faults; calm; then the checks.</summary>
internal sealed class SoakRun
{
    private const double UpstreamFaultRate = 0.06;
    private static readonly TimeSpan SettleDeadline = TimeSpan.FromSeconds(60);

    // The breakers of the run's configuration open for 3 s at most.
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    private readonly SoakSettings _settings;
    private readonly SoakTotals _totals = new();
    private readonly RouterLog _log = new();
    private readonly SoakReport _report = new();
    private readonly MemorySamples _resident = new();
    private readonly MemorySamples _heap = new();
    private readonly Stage _stage;
    private readonly List<ServerProcess> _simulators = [];
    private readonly FaultyUpstream[] _upstreams;
    private readonly Dictionary<string, string> _simulatorOptions;
    private int _mostUnderWay;

    private SoakRun(SoakSettings settings, Stage stage)
    {
        _settings = settings;
        _stage = stage;
        _upstreams =
        [
            new FaultyUpstream("up-1", settings.Seed + 10) { WrongOneOf = settings.WrongOneOf },
            new FaultyUpstream("up-2", settings.Seed + 11) { WrongOneOf = settings.WrongOneOf },
        ];
        _simulatorOptions = new Dictionary<string, string>
        {
            ["SIM__ErrorRate"] = "0.01",
            ["SIM__ResetRate"] = "0.01",
            ["SIM__HangRate"] = "0.003",
        };
    }

    /// <summary>Runs one to its end.</summary>
    public static async Task<SoakReport> RunAsync(SoakSettings settings, CancellationToken cancellationToken)
    {
        await using var stage = new Stage();
        return await new SoakRun(settings, stage).RunAsync(cancellationToken);
    }

    private async Task<SoakReport> RunAsync(CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetUtcNow();
        foreach (var upstream in _upstreams)
        {
            await upstream.StartAsync();
        }

        foreach (var name in (string[])["sim-1", "sim-2"])
        {
            _simulators.Add(await _stage.StartSimulatorAsync(name, LoopbackPort.Free(), _simulatorOptions, cancellationToken));
        }

        var (store, connection) = await _stage.StartStoreAsync(cancellationToken);
        var configuration = new SoakConfiguration(Path.Combine(_stage.Folder, "airouter.yaml"), _simulators, _upstreams);
        configuration.Write(0);
        var router = await _stage.StartRouterAsync(configuration.Path, connection, _log.Take, cancellationToken);
        using var client = new LoadClient(router.Port);
        await client.WaitUntilReadyAsync(router, cancellationToken);

        var traffic = new SoakTraffic(_settings.Seed);
        var faults = new SoakFaults(_settings.Seed, _simulators, _upstreams, store, configuration);
        await LoadAsync(client, router, traffic, faults, cancellationToken);
        await CalmAsync(client, traffic, cancellationToken);
        await CheckAsync(client, router, connection, since, cancellationToken);
        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }

        Describe(faults);
        return _report;
    }

    private async Task LoadAsync(
        LoadClient client, ServerProcess router, SoakTraffic traffic, SoakFaults faults, CancellationToken cancellationToken)
    {
        Array.ForEach(_upstreams, u => u.FaultRate = UpstreamFaultRate);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stopping.CancelAfter(_settings.Duration);
        var beside = Task.WhenAll(
            faults.RunAsync(stopping.Token), faults.ReloadAsync(stopping.Token), SampleAsync(client, router, stopping.Token));
        var pace = new Pace(_settings.Rate);
        var underWay = new List<Task>();
        while (await pace.NextAsync(stopping.Token))
        {
            underWay.Add(SendAsync(client, traffic.Next()));
            if (underWay.Count % 100 == 0)
            {
                underWay.RemoveAll(t => t.IsCompleted);
                _mostUnderWay = Math.Max(_mostUnderWay, underWay.Count);
            }
        }

        await beside;
        await Task.WhenAll(underWay);
    }

    /// <summary>Nothing fails any more: every model answers everything.</summary>
    private async Task CalmAsync(LoadClient client, SoakTraffic traffic, CancellationToken cancellationToken)
    {
        Array.ForEach(_upstreams, u => u.FaultRate = 0);
        _simulatorOptions.Clear();
        foreach (var simulator in _simulators)
        {
            await simulator.KillAsync();
            await simulator.StartAsync(cancellationToken);
        }

        await Task.Delay(Recovery, cancellationToken);
        var asked = 0;
        var unanswered = new List<string>();
        foreach (var few in traffic.Calm(5).Chunk(5))
        {
            asked += few.Length;
            var results = await Task.WhenAll(few.Select(r => SendAsync(client, r)));
            unanswered.AddRange(few.Zip(results).Where(p => p.Second.Outcome != LoadOutcome.Answered)
                .Select(p => $"{p.First.Model}: {p.Second.Reason}"));
        }

        _report.Check(new SoakCheck("calm", unanswered.Count == 0, unanswered.Count == 0
            ? $"{asked} requests after the faults, all answered"
            : $"{unanswered.Count} of {asked} not answered: {string.Join("; ", unanswered.Take(5))}"));
    }

    private async Task<LoadResult> SendAsync(LoadClient client, LoadRequest request)
    {
        // A thread of its own from the start: making a request takes time too.
        await Task.Yield();
        var result = await client.SendAsync(request);
        _totals.Add(request, result);
        return result;
    }

    private async Task SampleAsync(LoadClient client, ServerProcess router, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                await Task.Delay(_settings.SampleInterval, stopping);
                var metrics = RouterMetrics.Parse(await client.GetTextAsync("/metrics", stopping));
                var at = Stopwatch.GetElapsedTime(started);
                _resident.Add(at, router.ResidentBytes);
                _heap.Add(at, metrics.Sum("dotnet_gc_last_collection_heap_size_bytes"));
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    private async Task CheckAsync(
        LoadClient client, ServerProcess router, string connection, DateTimeOffset since, CancellationToken cancellationToken)
    {
        _report.Check(new SoakCheck("answers", _totals.WrongCount == 0, _totals.WrongCount == 0
            ? $"{_totals.Ends.Count} requests, none wrong"
            : $"{_totals.WrongCount} of {_totals.Ends.Count} wrong:\n    {string.Join("\n    ", _totals.Wrong)}"));
        var answered = _totals.Count(LoadOutcome.Answered);
        _report.Check(new SoakCheck("most answered", answered > _totals.Ends.Count / 2, $"{answered} of {_totals.Ends.Count}"));
        await using (var reader = await StoreReader.ConnectAsync(connection, cancellationToken))
        {
            await SettleAsync(client, reader, since, cancellationToken);
        }

        _report.Check(SoakChecks.Charges(_totals, _log));
        _report.Check(SoakChecks.Produced(_totals, _log, _upstreams.ToDictionary(u => u.Name, u => (IReadOnlyDictionary<string, int>)u.Produced)));
        _report.Check(await ConnectionsAsync(cancellationToken));
        _report.Check(new SoakCheck("router", router.IsRunning, router.IsRunning ? "the same process from start to end" : "it ended"));
        _report.Check(new SoakCheck("log", _log.ErrorCount == 0, _log.ErrorCount == 0
            ? $"no error that nothing explains; {_log.WarningCount} warnings"
            : $"{_log.ErrorCount} errors:\n    {string.Join("\n    ", _log.Errors)}"));
        _report.Check(Memory("resident set", _resident));
        _report.Check(Memory("GC heap", _heap));
        _report.Check(new SoakCheck("stop", await router.StopAsync() == 0, "the router ends in good order"));
    }

    /// <summary>What trails an answer (settlements, usage, gauges) is waited for; the checks are on the last look.</summary>
    private async Task SettleAsync(LoadClient client, StoreReader reader, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var metrics = RouterMetrics.Parse(await client.GetTextAsync("/metrics", cancellationToken));
            List<SoakCheck> checks =
            [
                .. SoakChecks.Store(
                    _log, await reader.UsageAsync(since, cancellationToken), await reader.StandingsAsync(cancellationToken)),
                SoakGauges.Check(metrics),
            ];
            if (checks.All(c => c.Holds is true) || Stopwatch.GetElapsedTime(started) > SettleDeadline)
            {
                _report.Check(checks);
                SoakGauges.Describe(metrics, _report);
                return;
            }

            await Task.Delay(250, cancellationToken);
        }
    }

    private async Task<SoakCheck> ConnectionsAsync(CancellationToken cancellationToken)
    {
        // One for probes, and one or two that requests at the very end used.
        const int MostIdle = 4;
        var deadline = _settings.JudgesConnections ? TimeSpan.FromSeconds(90) : TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        while (_upstreams.Any(u => u.Connections > MostIdle || u.Active > 0) && Stopwatch.GetElapsedTime(started) < deadline)
        {
            await Task.Delay(500, cancellationToken);
        }

        var open = _upstreams.Max(u => u.Connections);
        var active = _upstreams.Sum(u => u.Active);
        bool? isIdle = open <= MostIdle ? true : _settings.JudgesConnections ? false : null;
        return new SoakCheck(
            "connections",
            active > 0 ? false : isIdle,
            $"{active} requests under way at the upstreams, {open} connections at most at one");
    }

    private SoakCheck Memory(string name, MemorySamples samples)
    {
        var (start, middle, end) = samples.Thirds;
        return new SoakCheck(
            name,
            _settings.JudgesMemory ? samples.IsFlat : null,
            $"{start:0.0} MiB in the first third, {middle:0.0} in the middle, {end:0.0} in the last "
            + $"({samples.PercentPerMinute:+0.0;-0.0;0} % a minute in the second half)");
    }

    private static Dictionary<string, double> Thirds(MemorySamples samples)
    {
        var (start, middle, end) = samples.Thirds;
        return new() { ["start"] = start, ["middle"] = middle, ["end"] = end, ["percentPerMinute"] = samples.PercentPerMinute };
    }

    private void Describe(SoakFaults faults)
    {
        _report.Figure("store", Stage.HasRedis ? "redis-server" : "the embedded store");
        _report.Figure("minutes", _settings.Duration.TotalMinutes);
        _report.Figure("requests a second", _settings.Rate);
        _report.Figure("seed", _settings.Seed);
        _report.Figure("outcomes", Enum.GetValues<LoadOutcome>().ToDictionary(o => o.ToString(), _totals.Count));
        _report.Figure("refused and cut", _totals.Refusals);
        _report.Figure("what happened", faults.Happened.ToDictionary());
        _report.Figure(
            "faults of the upstreams",
            _upstreams.SelectMany(u => u.Failed).GroupBy(f => f.Key).ToDictionary(g => g.Key.ToString(), g => g.Sum(f => f.Value)));
        _report.Figure("resident set, MiB", Thirds(_resident));
        _report.Figure("GC heap, MiB", Thirds(_heap));
        _report.Figure("p50 of answers, ms", _totals.Percentile(0.5));
        _report.Figure("p99 of answers, ms", _totals.Percentile(0.99));
        _report.Figure("most under way", _mostUnderWay);
    }
}
