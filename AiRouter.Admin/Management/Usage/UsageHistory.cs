using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Usage;

/// <summary>
/// Usage as it went, in equal steps without gaps. What is asked by many at a time, or again a moment later, is read from the store
/// once: a week is 168 hashes.
/// </summary>
internal sealed class UsageHistory(IUsageStore usage, TimeProvider time)
{
    private const int MostKept = 64;
    private const decimal NanoPerUsd = 1_000_000_000m;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(25);

    private readonly Lock _gate = new();
    private readonly Dictionary<(UsageRange Range, UsageFilter Filter), (Task<UsageSeries> Reading, DateTimeOffset Until)> _kept = [];

    /// <summary>How a range went, up to now.</summary>
    /// <exception cref="Core.Stores.StoreUnavailableException">The store is away.</exception>
    public Task<UsageSeries> ReadAsync(UsageRange range, UsageFilter filter, CancellationToken cancellationToken)
    {
        var key = (range, filter);
        var now = time.GetUtcNow();
        Task<UsageSeries> reading;
        lock (_gate)
        {
            if (_kept.TryGetValue(key, out var kept) && kept.Until > now && kept.Reading is not { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                reading = kept.Reading;
            }
            else
            {
                Forget(now);
                reading = ReadAsync(range, filter, now);
                _kept[key] = (reading, now + LastsOf(range));
            }
        }

        return reading.WaitAsync(cancellationToken);
    }

    /// <summary>How long an answer is good for.</summary>
    public static TimeSpan LastsOf(UsageRange range) => range switch
    {
        UsageRange.Hour => TimeSpan.FromSeconds(5),
        UsageRange.Day => TimeSpan.FromSeconds(15),
        _ => TimeSpan.FromSeconds(60),
    };

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, _) in _kept.Where(k => k.Value.Until <= now).ToList())
        {
            _kept.Remove(key);
        }

        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }
    }

    private async Task<UsageSeries> ReadAsync(UsageRange range, UsageFilter filter, DateTimeOffset now)
    {
        await Task.Yield();
        var (step, kept, count) = ShapeOf(range);
        var first = Start(now, step) - ((count - 1) * step);
        using var deadline = new CancellationTokenSource(Deadline, time);
        var rows = await usage.QueryAsync(
            new UsageQuery(first, first + (count * step), kept, []) { KeyId = filter.KeyId, Model = filter.Model, Backend = filter.Backend },
            deadline.Token);
        var byStep = rows.ToLookup(r => Start(r.At!.Value, step));
        return new UsageSeries(
            range, step, [.. Enumerable.Range(0, count).Select(i => Point(first + (i * step), [.. byStep[first + (i * step)]]))]);
    }

    // Few enough to be told apart on a telephone, and what they are made of.
    private static (TimeSpan Step, UsageStep Kept, int Count) ShapeOf(UsageRange range) => range switch
    {
        UsageRange.Hour => (TimeSpan.FromMinutes(1), UsageStep.Minute, 60),
        UsageRange.Day => (TimeSpan.FromHours(1), UsageStep.Hour, 24),
        UsageRange.Week => (TimeSpan.FromHours(6), UsageStep.Hour, 28),
        _ => (TimeSpan.FromDays(1), UsageStep.Day, 30),
    };

    private static DateTimeOffset Start(DateTimeOffset at, TimeSpan step)
    {
        var ticks = at.UtcTicks - DateTime.UnixEpoch.Ticks;
        return new DateTimeOffset(DateTime.UnixEpoch.Ticks + ticks - (ticks % step.Ticks), TimeSpan.Zero);
    }

    private static UsagePoint Point(DateTimeOffset at, IReadOnlyList<UsageRow> rows)
    {
        long Outcome(string outcome) => rows.Sum(r => r.Requests[outcome]);
        var firstToken = UsageHistogram.Sum(rows.Select(static r => r.TimeToFirstToken));
        return new UsagePoint
        {
            At = at,
            Ok = Outcome(UsageOutcomes.Ok),
            ClientErrors = Outcome(UsageOutcomes.ClientError),
            Limited = Outcome(UsageOutcomes.Limited),
            BackendErrors = Outcome(UsageOutcomes.BackendError),
            Cancelled = Outcome(UsageOutcomes.Cancelled),
            InputTokens = rows.Sum(static r => r.InputTokens),
            OutputTokens = rows.Sum(static r => r.OutputTokens),
            CostUsd = rows.Sum(static r => r.NanoUsd) / NanoPerUsd,
            FirstTokenP50Seconds = firstToken.Quantile(0.5),
            FirstTokenP95Seconds = firstToken.Quantile(0.95),
        };
    }
}
