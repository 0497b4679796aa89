using AiRouter.Core.Metering;

namespace AiRouter.Admin.Management.Live;

/// <summary>What the last minutes come to, of everything and of each model and backend.</summary>
internal sealed class TrafficSums
{
    /// <summary>Whole minutes before the current one that are looked at.</summary>
    public const int Minutes = 5;

    private readonly List<UsageRow> _rows;
    private readonly ILookup<string?, UsageRow> _byModel;
    private readonly ILookup<string?, UsageRow> _byBackend;
    private readonly DateTimeOffset _minute;
    private readonly double _elapsed;

    /// <summary>From what is kept by the minute, told apart by model and backend (<see cref="Query"/>).</summary>
    public TrafficSums(IReadOnlyList<UsageRow> rows, DateTimeOffset now)
    {
        _rows = [.. rows];
        _byModel = rows.ToLookup(static r => r.Model, StringComparer.Ordinal);
        _byBackend = rows.ToLookup(static r => r.Backend, StringComparer.Ordinal);
        _minute = MinuteOf(now);
        _elapsed = (now - _minute) / TimeSpan.FromMinutes(1);
    }

    /// <summary>All requests.</summary>
    public LiveTraffic All => Sum(_rows);

    /// <summary>What to ask the store for.</summary>
    public static UsageQuery Query(DateTimeOffset now)
    {
        var minute = MinuteOf(now);

        // A router's clock may be ahead of this one.
        return new UsageQuery(
            minute.AddMinutes(-Minutes), minute.AddMinutes(2), UsageStep.Minute, [UsageDimension.Model, UsageDimension.Backend]);
    }

    /// <summary>Requests to a model.</summary>
    public LiveTraffic OfModel(string name) => Sum(_byModel[name]);

    /// <summary>Requests to a backend.</summary>
    public LiveTraffic OfBackend(string name) => Sum(_byBackend[name]);

    private static DateTimeOffset MinuteOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero);

    private LiveTraffic Sum(IEnumerable<UsageRow> rows)
    {
        double requests = 0, input = 0, output = 0;
        var outcomes = UsageOutcomes.All.ToDictionary(static o => o, static _ => 0L, StringComparer.Ordinal);
        var all = rows as IReadOnlyList<UsageRow> ?? [.. rows];
        if (all.Count == 0)
        {
            return LiveTraffic.None;
        }

        foreach (var row in all)
        {
            var weight = WeightOf(row.At!.Value);
            requests += weight * row.Requests.Values.Sum();
            input += weight * row.InputTokens;
            output += weight * row.OutputTokens;
            foreach (var (outcome, count) in row.Requests)
            {
                outcomes[outcome] += count;
            }
        }

        var firstToken = UsageHistogram.Sum(all.Select(static r => r.TimeToFirstToken));
        return new LiveTraffic
        {
            RequestsPerSecond = requests / 60,
            InputTokensPerSecond = input / 60,
            OutputTokensPerSecond = output / 60,
            Requests = outcomes.Values.Sum(),
            BackendErrors = outcomes[UsageOutcomes.BackendError],
            ClientErrors = outcomes[UsageOutcomes.ClientError],
            Limited = outcomes[UsageOutcomes.Limited],
            Cancelled = outcomes[UsageOutcomes.Cancelled],
            FirstTokenP50Seconds = firstToken.Quantile(0.5),
            FirstTokenP95Seconds = firstToken.Quantile(0.95),
            DurationP50Seconds = UsageHistogram.Sum(all.Select(static r => r.Duration)).Quantile(0.5),
        };
    }

    // The last 60 seconds are this minute, and of the one before as much as is missing: its requests are taken to be spread evenly.
    private double WeightOf(DateTimeOffset at) => at >= _minute ? 1 : at == _minute.AddMinutes(-1) ? 1 - _elapsed : 0;
}
