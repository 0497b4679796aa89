using System.Collections.Concurrent;
using AiRouter.Tests.EndToEnd;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Faults.Triton;

/// <summary>What happens to a Triton server while many clients ask, from which rows of the table are made.</summary>
/// <param name="Name">What happens.</param>
/// <param name="Begin">Lets it happen.</param>
/// <param name="End">Ends it.</param>
/// <param name="Alone">What else than the right answer a client may get where no other target is.</param>
/// <param name="Second">The same with a second, healthy target.</param>
internal sealed record TritonLoadFault(
    string Name, Func<SimulatedTriton, Task> Begin, Func<SimulatedTriton, Task> End, FaultOutcome[] Alone, FaultOutcome[] Second)
{
    private const int Clients = 20;
    private const string Text = "one two three";

    // More at a time would only measure the machine.
    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>With one target and with two.</summary>
    public IEnumerable<FaultCase> Rows =>
        from targets in (int[])[1, 2]
        select new FaultCase("Triton: " + Name, "under load", Expected(targets), () => RunAsync(targets)) { Targets = targets };

    private FaultOutcome Expected(int targets) =>
        new(string.Join(", or ", (targets == 1 ? Alone : Second).Prepend(FaultOutcome.Right).Select(static o => o.Client)));

    private async Task<FaultOutcome> RunAsync(int targets)
    {
        await Turns.WaitAsync();
        try
        {
            await RunInTurnAsync(targets);
            return Expected(targets);
        }
        finally
        {
            Turns.Release();
        }
    }

    private async Task RunInTurnAsync(int targets)
    {
        await using var faulty = await SimulatedTriton.StartAsync(new SimulatorOptions { TokenDelayMs = 5 });
        await using var second = await SimulatedTriton.StartAsync(new SimulatorOptions { TokenDelayMs = 5 });
        await using var router = await RunningRouter.StartAsync(
            $$"""
            server: { authentication: none }
            backends:
              faulty: { kind: triton, url: "{{faulty.Address}}", breaker: { open: 0.1, maxOpen: 0.1 } }
              second: { kind: triton, url: "{{second.Address}}" }
            models:
              public-model:
                promptFormat: llama3
                maxTokens: { default: 16, max: 64 }
                limits: { concurrent: {{Clients}} }
                policy: round-robin
                retry: { attempts: {{targets}}, budget: 10, minPerSecond: 1000, backoff: 0.01 }
                targets:
                  - { backend: faulty, model: ensemble }
                  {{(targets == 2 ? "- { backend: second, model: ensemble }" : "")}}
            """);
        using var stopping = new CancellationTokenSource();
        var outcomes = new ConcurrentDictionary<FaultOutcome, int>();
        var asked = new int[Clients];
        var clients = Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(async () =>
        {
            while (!stopping.IsCancellationRequested)
            {
                var outcome = await AskAsync(router, isStream: i % 2 == 0);
                outcomes.AddOrUpdate(outcome, 1, static (_, count) => count + 1);
                Interlocked.Increment(ref asked[i]);
            }
        })));
        await AllAskAsync(clients, asked, 2);
        await Begin(faulty);
        await AllAskAsync(clients, asked, 3);
        await End(faulty);

        // The server answers again: it has got requests that came after the end of the fault.
        var before = faulty.Requests.Count;
        await Eventually.HoldsAsync(() => faulty.Requests.Count > before);
        await AllAskAsync(clients, asked, 2);
        await stopping.CancelAsync();
        await clients;

        Assert.Empty(outcomes.Keys.Except((targets == 1 ? Alone : Second).Prepend(FaultOutcome.Right)));
        await LeakCheck.HoldsNothingAsync(router);
        await Eventually.HoldsAsync(() => faulty.InFlight == 0 && second.InFlight == 0);
        Assert.Equal(FaultOutcome.Right, await AskAsync(router, isStream: true));
        Assert.Equal(FaultOutcome.Right, await AskAsync(router, isStream: false));
    }

    private static async Task<FaultOutcome> AskAsync(RunningRouter router, bool isStream)
    {
        var json = TritonRouter.Chat($"[[say:{Text}]]", isStream ? "\"stream\":true" : "", "public-model");
        return ClientAnswer.Read(await RawHttp.PostAsync(router.Root, "/v1/chat/completions", json), isStream, Text);
    }

    private static Task AllAskAsync(Task clients, int[] asked, int times)
    {
        int[] before = [.. asked];
        return Eventually.HoldsAsync(() =>
        {
            Assert.False(clients.IsFaulted, clients.Exception?.ToString());
            return Enumerable.Range(0, Clients).All(i => Volatile.Read(ref asked[i]) >= before[i] + times);
        });
    }
}
