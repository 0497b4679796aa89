using AiRouter.Core.Metering;
using AiRouter.Tests.Metering;

namespace AiRouter.Tests.Management.Live;

/// <summary>Usage that a store would tell of, made of records.</summary>
internal sealed class RecordedUsage(TimeProvider time) : IUsageStore
{
    private readonly List<UsageRecord> _records = [];
    private readonly List<UsageQuery> _queries = [];

    /// <summary>What was asked.</summary>
    public IReadOnlyList<UsageQuery> Queries
    {
        get
        {
            lock (_queries)
            {
                return [.. _queries];
            }
        }
    }

    /// <summary>What every question waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Adds some requests that ended so long ago.</summary>
    public void Add(int count, TimeSpan ago, Func<UsageRecord, UsageRecord>? with = null, string model = "llama", string backend = "gpu-1")
    {
        var record = Records.At(time.GetUtcNow() - ago, "key_a", model, backend);
        _records.AddRange(Enumerable.Repeat(with is null ? record : with(record), count));
    }

    public async ValueTask<IReadOnlyList<UsageRow>> QueryAsync(UsageQuery query, CancellationToken cancellationToken)
    {
        lock (_queries)
        {
            _queries.Add(query);
        }

        await Gate.WaitAsync(cancellationToken);
        var sums = new UsageSums(query);
        var step = query.Step ?? UsageStep.Hour;
        var end = UsageTime.Up(query.To, step);
        foreach (var record in _records)
        {
            var part = UsagePart.Around(UsageTime.MinuteOf(record.At), step);
            if (part.Minute >= UsageTime.Start(UsageTime.MinuteOf(query.From), step) && part.Minute < end)
            {
                var counters = new UsageCounters();
                counters.Add(record);
                sums.Add(part, [UsageSlot.Of(record).ToField(), counters.ToText()]);
            }
        }

        return sums.Rows();
    }

    public ValueTask<IReadOnlyList<LoggedRequest>> RequestsAsync(int skip, int count, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public ValueTask<LoggedBodies?> BodiesAsync(string logId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
