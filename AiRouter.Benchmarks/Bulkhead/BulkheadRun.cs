using System.Globalization;
using AiRouter.Benchmarks.Load;
using AiRouter.Benchmarks.Processes;
using AiRouter.Benchmarks.Upstreams;

namespace AiRouter.Benchmarks.Bulkhead;

/// <summary>One measurement: a router, backend A that hangs in every other round, and backend B that is well and takes 20 ms.</summary>
internal sealed class BulkheadRun : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly BulkheadSettings _settings;
    private readonly FaultyUpstream _a;
    private readonly TextSource _texts = new(new Random(1));
    private readonly ServerProcess _router;
    private readonly LoadClient _client;
    private int _count;
    private int _wrong;

    private BulkheadRun(BulkheadSettings settings, FaultyUpstream a, ServerProcess router)
    {
        _settings = settings;
        (_a, _router) = (a, router);
        _client = new LoadClient(router.Port);
    }

    private double ResidentMiB => _router.ResidentBytes / (1024.0 * 1024);

    /// <summary>Measures.</summary>
    public static async Task<BulkheadFigures> RunAsync(BulkheadSettings settings, CancellationToken cancellationToken)
    {
        await using var stage = new Stage();
        await using var a = new FaultyUpstream("a", 1);
        await using var b = new FaultyUpstream("b", 2) { StartDelay = TimeSpan.FromMilliseconds(20) };
        await a.StartAsync();
        await b.StartAsync();
        var file = Path.Combine(stage.Folder, "airouter.yaml");
        await File.WriteAllTextAsync(
            file,
            $$"""
            server: { authentication: none }
            backends:
              a: { url: "{{a.Url}}", probe: { enabled: false } }
              b: { url: "{{b.Url}}", probe: { enabled: false } }
            models:
              a: { targets: [{ backend: a }] }
              b: { targets: [{ backend: b }] }
            """,
            cancellationToken);
        var router = await stage.StartRouterAsync(file, null, static _ => { }, cancellationToken);
        using var run = new BulkheadRun(settings, a, router);
        return await run.MeasureAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private async Task<BulkheadFigures> MeasureAsync(CancellationToken cancellationToken)
    {
        await _client.WaitUntilReadyAsync(_router, cancellationToken);

        // What compiles and what is made once is none of the hung requests'.
        await RoundAsync(cancellationToken);
        var baseline = new List<double>();
        var loaded = new List<double>();
        var growth = new List<double>();
        for (var round = 0; round < _settings.Rounds; round++)
        {
            baseline.Add(await RoundAsync(cancellationToken));
            var idle = ResidentMiB;
            using var leaving = new CancellationTokenSource();
            var hung = await HangAsync(leaving.Token, cancellationToken);
            loaded.Add(await RoundAsync(cancellationToken));
            growth.Add(ResidentMiB - idle);
            await leaving.CancelAsync();
            await hung;
            await UntilAsync(() => _a.Active == 0, cancellationToken);
        }

        return new BulkheadFigures { Baseline = baseline, Loaded = loaded, GrowthMiB = growth, Wrong = _wrong };
    }

    /// <summary>Sends what hangs, half of it streams, and waits until all of it is at the backend.</summary>
    private async Task<Task> HangAsync(CancellationToken leaving, CancellationToken cancellationToken)
    {
        _a.Hangs = true;
        var hung = Task.WhenAll(Enumerable.Range(0, _settings.Hung).Select(i => _client.HoldAsync(Next("a") with { IsStream = i % 2 == 0 }, leaving)));
        await UntilAsync(() => _a.Active == _settings.Hung, cancellationToken);
        return hung;
    }

    /// <summary>The p99 of B's answers over one round, in milliseconds.</summary>
    private async Task<double> RoundAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(_settings.Round);
        var pace = new Pace(_settings.Rate);
        var underWay = new List<Task<LoadResult>>();
        while (await pace.NextAsync(end.Token))
        {
            underWay.Add(_client.SendAsync(Next("b")));
        }

        var results = await Task.WhenAll(underWay);
        _wrong += results.Count(r => r.Outcome != LoadOutcome.Answered);
        var times = results.Select(r => r.Duration.TotalMilliseconds).Order().ToList();
        return times[(int)(times.Count * 0.99)];
    }

    private LoadRequest Next(string model)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"b{++_count:D6}");
        return new LoadRequest { Id = id, Operation = LoadOperation.Chat, Model = model, Text = _texts.Next(id, 10) };
    }

    private static async Task UntilAsync(Func<bool> holds, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Patience);
        while (!holds())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
