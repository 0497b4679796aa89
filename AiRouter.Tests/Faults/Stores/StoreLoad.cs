using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Admission;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Faults.Stores;

/// <summary>Fifty clients with one key that ask again and again, against a router whose limits are in a store.</summary>
internal sealed class StoreLoad : IAsyncDisposable
{
    private const int Clients = 50;
    private const int Places = 20;

    // 10 input tokens at 1 dollar and 5 output tokens at 2 dollars a million.
    private const long CostOfAnswer = 20_000;

    private readonly ConcurrentDictionary<(string Phase, string Outcome), int> _outcomes = new();
    private readonly ConcurrentDictionary<string, double> _longest = new(StringComparer.Ordinal);
    private readonly int[] _asked = new int[Clients];
    private readonly CancellationTokenSource _stopping = new();
    private readonly LimitedRouter _limited;
    private Task _running = Task.CompletedTask;
    private volatile string _phase = "before";
    private int _answers;
    private int _inService;
    private int _mostInService;

    private StoreLoad(LimitedRouter limited) => _limited = limited;

    public RunningRouter Router => _limited.Router;

    /// <summary>The router has a store.</summary>
    public bool IsStoreThere => Router.Services.GetRequiredService<IStore>().IsAvailable;

    /// <summary>Starts router and clients.</summary>
    public static async Task<StoreLoad> StartAsync(StoreServer server, string mode)
    {
        StoreLoad? load = null;
        var limited = await LimitedRouter.StartAsync(
            $"limits: {{ concurrent: {Places}, tokensPerMinute: 100000000 }}, budget: {{ usd: 100, per: total }}",
            "price: { input: 1, output: 2 }, maxTokens: { max: 50 }",
            $"limits: {{ onStoreFailure: {mode} }}",
            call => load!.AnswerAsync(call),
            services => services.AddStore(new RedisStoreOptions
            {
                ConnectionString = server.ConnectionString,
                Prefix = Guid.NewGuid().ToString("N"),
            }));
        load = new StoreLoad(limited);
        await Eventually.HoldsAsync(() => load.IsStoreThere);
        load._running = Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(() => load.BeClientAsync(i))));
        return load;
    }

    /// <summary>Waits until every client has got so many answers more, whichever.</summary>
    public async Task AllAskAsync(int times)
    {
        int[] before = [.. _asked];
        await Eventually.HoldsAsync(() =>
        {
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            return Enumerable.Range(0, Clients).All(i => Volatile.Read(ref _asked[i]) >= before[i] + times);
        });
    }

    /// <summary>Requests that begin from now on belong to the next phase.</summary>
    public void EndPhase(string name) => _phase = name switch
    {
        "before" => "going away",
        "going away" => "away",
        "away" => "coming back",
        _ => "back",
    };

    /// <summary>What has come so far.</summary>
    public override string ToString() =>
        string.Join("; ", _outcomes.OrderBy(static o => o.Key).Select(static o => $"{o.Key.Phase}: {o.Key.Outcome} {o.Value}")) +
        $"; longest {string.Join(", ", _longest.Select(static l => $"{l.Key} {l.Value:F0} ms"))}; most at a time {_mostInService}";

    /// <summary>The clients end, each with its last answer.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>What must hold at the end.</summary>
    public async Task CheckAsync(bool keeps, string mode)
    {
        var told = ToString();
        Assert.True(_outcomes.Keys.All(o => IsDocumented(o.Outcome, mode)), told);

        // Those that the store let pass, and those that this replica lets pass alone or that a store lets pass that has forgotten them.
        Assert.True(_mostInService <= 2 * Places || mode == "open", told);
        if (mode == "closed")
        {
            Assert.True(_outcomes.Any(o => o.Key is ("away", "503 limits_unavailable")), told);
        }

        // What nobody waits for any more costs nothing; on a machine that is busy with other things this says nothing.
        if (_longest.GetValueOrDefault("away") is > 0 and var longest && _longest["before"] < 150)
        {
            Assert.True(longest < 250 + (10 * _longest["before"]), told);
        }

        var after = await SettledAsync(spent => !keeps || spent == _answers * CostOfAnswer, told);
        Assert.True(after <= _answers * CostOfAnswer, told);
        await Eventually.HoldsAsync(async () =>
        {
            using var next = await _limited.ChatAsync();
            return next.StatusCode == HttpStatusCode.OK;
        });
        await SettledAsync(spent => spent == after + CostOfAnswer, told);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _limited.DisposeAsync();
        _stopping.Dispose();
    }

    /// <summary>Waits until no request holds anything and what was spent is right; gives it.</summary>
    private async Task<long> SettledAsync(Func<long, bool> isRight, string told)
    {
        LimitStanding? standing = null;
        try
        {
            await Eventually.HoldsAsync(async () =>
            {
                try
                {
                    standing = await LimitedRouter.StandingAsync(_limited.Ledger, usd: 100, per: BudgetPeriod.Total);
                    return standing is { Concurrent: 0, ReservedNanoUsd: 0 } && isRight(standing.SpentNanoUsd);
                }
                catch (StoreUnavailableException)
                {
                    return false;
                }
            });
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{standing} after {_answers} answers. {told}");
        }

        return standing!.SpentNanoUsd;
    }

    private static bool IsDocumented(string outcome, string mode) => outcome switch
    {
        "200" or "429 rate_limit_exceeded" => true,
        "503 limits_unavailable" => mode == "closed",
        _ => false,
    };

    private async Task BeClientAsync(int number)
    {
        while (!_stopping.IsCancellationRequested)
        {
            var phase = _phase;
            var clock = Stopwatch.GetTimestamp();
            using var response = await _limited.ChatAsync();
            var took = Stopwatch.GetElapsedTime(clock).TotalMilliseconds;
            var outcome = response.StatusCode == HttpStatusCode.OK
                ? "200"
                : $"{(int)response.StatusCode} {(await LimitedRouter.ErrorAsync(response)).Code}";
            _outcomes.AddOrUpdate((phase, outcome), 1, static (_, count) => count + 1);
            _longest.AddOrUpdate(phase, took, (_, longest) => Math.Max(longest, took));
            Interlocked.Increment(ref _asked[number]);
            if (outcome != "200")
            {
                // As clients do that are refused.
                await Task.Delay(20);
            }
        }
    }

    private async Task AnswerAsync(UpstreamCall call)
    {
        var now = Interlocked.Increment(ref _inService);
        for (var most = _mostInService; now > most; most = Volatile.Read(ref _mostInService))
        {
            Interlocked.CompareExchange(ref _mostInService, now, most);
        }

        // A model takes its time; without it nobody would ever be refused.
        await Task.Delay(20, call.Ended);
        Interlocked.Increment(ref _answers);
        Interlocked.Decrement(ref _inService);
        await call.JsonAsync(LimitedRouter.Answer);
    }
}
