using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AiRouter.Benchmarks.Load;
using AiRouter.Benchmarks.Processes;

namespace AiRouter.Benchmarks.Demo;

/// <summary>The demonstration's processes and load.</summary>
internal sealed class DemoRun
{
    private const string Configuration =
        """
        server: { authentication: none, exposeBackend: true }
        backends:
          sim-1: { kind: triton, url: "http://127.0.0.1:PORT1", breaker: { open: 1, maxOpen: 2 }, probe: { interval: 1, timeout: 1 } }
          sim-2: { kind: triton, url: "http://127.0.0.1:PORT2", breaker: { open: 1, maxOpen: 2 }, probe: { interval: 1, timeout: 1 } }
        models:
          llama:
            policy: round-robin
            promptFormat: none
            targets: [{ backend: sim-1, model: ensemble }, { backend: sim-2, model: ensemble }]
            retry: { minPerSecond: 1000 }
        """;

    // The newest answers, of which the share is taken.
    private const int Newest = 40;
    private static readonly TimeSpan RecoveryDeadline = TimeSpan.FromSeconds(30);

    private readonly ConcurrentQueue<LoadResult> _results = new();
    private readonly TextSource _texts = new(new Random(1));
    private readonly List<Task> _underWay = [];
    private int _count;

    private DemoRun()
    {
    }

    /// <summary>Runs it.</summary>
    /// <param name="phase">How long load goes on before the kill, and before the new start.</param>
    /// <param name="rate">Requests a second.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<DemoFigures> RunAsync(TimeSpan phase, double rate, CancellationToken cancellationToken)
    {
        await using var stage = new Stage();
        return await new DemoRun().RunAsync(stage, phase, rate, cancellationToken);
    }

    private async Task<DemoFigures> RunAsync(Stage stage, TimeSpan phase, double rate, CancellationToken cancellationToken)
    {
        var options = new Dictionary<string, string> { ["SIM__TokenDelayMs"] = "20" };
        var first = await stage.StartSimulatorAsync("sim-1", LoopbackPort.Free(), options, cancellationToken);
        var second = await stage.StartSimulatorAsync("sim-2", LoopbackPort.Free(), options, cancellationToken);
        var file = Path.Combine(stage.Folder, "airouter.yaml");
        await File.WriteAllTextAsync(
            file,
            Configuration.Replace("PORT1", first.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                .Replace("PORT2", second.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            cancellationToken);
        var router = await stage.StartRouterAsync(file, null, static _ => { }, cancellationToken);
        using var client = new LoadClient(router.Port);
        await client.WaitUntilReadyAsync(router, cancellationToken);

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = LoadAsync(client, rate, stopping.Token);
        await Task.Delay(phase, cancellationToken);
        var before = _results.ToArray();
        await first.KillAsync();
        await Task.Delay(phase, cancellationToken);
        await first.StartAsync(cancellationToken);
        var listens = Stopwatch.GetTimestamp();
        while (ShareOfNewest() < DemoFigures.Share && Stopwatch.GetElapsedTime(listens) < RecoveryDeadline)
        {
            await Task.Delay(50, cancellationToken);
        }

        var recovery = Stopwatch.GetElapsedTime(listens);
        await Task.Delay(phase, cancellationToken);
        var share = ShareOfNewest();
        await stopping.CancelAsync();
        await load;
        await Task.WhenAll(_underWay);
        return Figures(before, [.. _results.Skip(before.Length)]) with { ShareAfter = share, Recovery = recovery };
    }

    private static DemoFigures Figures(LoadResult[] before, LoadResult[] after)
    {
        var moved = after.Count(r => r is { Outcome: LoadOutcome.Answered, Attempts: > 1 });
        var refused = after.Where(r => r.Outcome == LoadOutcome.Refused).ToList();
        var told = after.Count(r => r.Outcome == LoadOutcome.Cut);
        var wrong = before.Where(r => r.Outcome != LoadOutcome.Answered).Concat(after.Where(r => r.Outcome == LoadOutcome.Wrong))
            .Concat(refused).Select(r => r.Reason).ToList();
        return new DemoFigures
        {
            BySim1Before = before.Count(r => r.Backend == "sim-1"),
            BySim2Before = before.Count(r => r.Backend == "sim-2"),
            WithoutByte = moved + refused.Count,
            Moved = moved,
            Broken = told + after.Count(r => r is { Outcome: LoadOutcome.Wrong, Pieces: > 0 }),
            Told = told,
            Unharmed = after.Count(r => r is { Outcome: LoadOutcome.Answered, Attempts: <= 1 }),
            Wrong = wrong,
        };
    }

    private async Task LoadAsync(LoadClient client, double rate, CancellationToken stopping)
    {
        var pace = new Pace(rate);
        while (await pace.NextAsync(stopping))
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"d{++_count:D6}");
            var request = new LoadRequest
            {
                Id = id,
                Operation = LoadOperation.Chat,
                Model = "llama",
                Text = _texts.Next(id, 20),

                // Two streams, two whole answers, so that each server gets both in its turn.
                IsStream = _count % 4 < 2,
            };
            _underWay.Add(SendAsync(client, request));
        }
    }

    private async Task SendAsync(LoadClient client, LoadRequest request)
    {
        await Task.Yield();
        _results.Enqueue(await client.SendAsync(request));
    }

    private double ShareOfNewest()
    {
        var newest = _results.Reverse().Take(Newest).ToList();
        return newest.Count < Newest ? 0 : newest.Count(r => r.Backend == "sim-1") / (double)Newest;
    }
}
