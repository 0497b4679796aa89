using AiRouter.Core.Limits;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Limits.Subjects;

namespace AiRouter.Tests.Limits;

/// <summary>Many at the same time, on the store's own clock.</summary>
public sealed class SharedLimitTests(StoreServers servers)
{
    private const int Replicas = 4;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Replicas_together_never_exceed_a_limit_and_settle_exactly(StoreKind kind)
    {
        var prefix = Guid.NewGuid().ToString("N");
        var stores = await Task.WhenAll(
            Enumerable.Range(0, Replicas).Select(_ => servers.OpenAsync(kind, prefix: prefix)));
        var key = Of("key:a", requests: 1000, tokens: 20_000, concurrent: 25, usd: 0.00001m);
        LimitSubject[] subjects =
            [key, Of("model:m", tokens: 1_000_000, concurrent: 1000), Of("global", requests: 100_000)];
        var running = 0;
        var totals = new Totals();

        await Task.WhenAll(stores.SelectMany(store => Enumerable.Range(0, 60).Select(i => Task.Run(
            async () =>
            {
                var ledger = new StoreLimitLedger(store);
                for (var request = 0; request < 8; request++)
                {
                    var asked = Ask(subjects, tokens: 50 + i, nanoUsd: 20);
                    if (!(await RetriedAsync(() => ledger.ReserveAsync(asked, Token))).IsAdmitted)
                    {
                        continue;
                    }

                    totals.Saw(Interlocked.Increment(ref running));
                    await Task.Yield();
                    Interlocked.Decrement(ref running);
                    var used = new Settlement(10 + (i % 40), i % 20);
                    await RetriedAsync(async () =>
                    {
                        await ledger.SettleAsync(asked, used, Token);
                        return true;
                    });
                    totals.Settled(used);
                }
            },
            Token))));

        var standing = (await new StoreLimitLedger(stores[0]).ReadAsync(subjects, Token))[0];
        Assert.InRange(totals.Admitted, 25, 1000);
        Assert.InRange(totals.MostRunning, 1, 25);
        Assert.Equal(
            (totals.Admitted, totals.Tokens, totals.NanoUsd),
            (standing.Requests, standing.Tokens, standing.SpentNanoUsd));
        Assert.InRange(standing.SpentNanoUsd, 1, 10_000);
        Assert.Equal((0, 0L, 0L), (standing.Concurrent, standing.ReservedNanoUsd, standing.UnsettledNanoUsd));
        foreach (var store in stores)
        {
            await store.DisposeAsync();
        }
    }

    // The machine may be so busy that an answer is late: then the same again, as the router does.
    private static async Task<T> RetriedAsync<T>(Func<ValueTask<T>> call)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(50, Token);
            }
        }
    }

    private sealed class Totals
    {
        private readonly Lock _gate = new();

        public long Admitted { get; private set; }

        public long Tokens { get; private set; }

        public long NanoUsd { get; private set; }

        public int MostRunning { get; private set; }

        public void Saw(int running)
        {
            lock (_gate)
            {
                MostRunning = Math.Max(MostRunning, running);
            }
        }

        public void Settled(Settlement used)
        {
            lock (_gate)
            {
                Admitted++;
                Tokens += used.Tokens;
                NanoUsd += used.NanoUsd;
            }
        }
    }
}
