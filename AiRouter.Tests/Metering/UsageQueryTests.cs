using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Metering;

/// <summary>What is asked of the store against the same computed from the records themselves.</summary>
public sealed class UsageQueryTests(StoreServers servers)
{
    private static readonly DateTimeOffset Now = new(2026, 3, 10, 15, 20, 0, TimeSpan.Zero);

    private static readonly UsageDimension[][] Groupings =
    [
        [], [UsageDimension.Key], [UsageDimension.Model], [UsageDimension.Backend], [UsageDimension.Backend, UsageDimension.Key],
        [UsageDimension.Key, UsageDimension.Model, UsageDimension.Backend],
    ];

    public static TheoryData<StoreKind> Kinds => [.. Enum.GetValues<StoreKind>()];

    private static Gen<UsageRecord> AnyRecord { get; } =
        from minutes in Gen.Frequency((2, Gen.Choose(0, 4 * 24 * 60)), (1, Gen.Choose(0, 100)))
        from seconds in Gen.Choose(0, 59)
        from atEdge in Gen.Frequency((3, Gen.Constant(false)), (1, Gen.Constant(true)))
        from key in Gen.Elements("key_a", "key_b", "file:x \"y\" ü", null)
        from model in Gen.Elements("llama", "gpt-*", null)
        from backend in Gen.Elements("gpu-1", "gpu-2", null)
        from status in Gen.Elements(200, 200, 200, 400, 429, 499, 502)
        from tokens in Gen.Choose(0, 1_000_000)
        from cost in Gen.Choose(0, int.MaxValue)
        from ms in Gen.Choose(0, 700_000)
        from isStream in Gen.Elements(true, false)
        let at = Now.AddMinutes(-minutes).AddSeconds(-seconds)
        let edge = UsageTime.MomentOf(tokens % 3 == 0 ? UsageTime.MinuteOf(at) : UsageTime.HourOf(at))
        select Records.At(atEdge ? edge.AddTicks(tokens % 2 == 0 ? 0 : -1) : at, key, model, backend) with
        {
            Status = status,
            InputTokens = tokens,
            CachedTokens = tokens / 3,
            OutputTokens = tokens / 7,
            IsEstimated = tokens % 5 == 0,
            NanoUsd = cost * 1_000L,
            Duration = TimeSpan.FromMilliseconds(ms),
            TimeToFirstToken = isStream ? TimeSpan.FromMilliseconds(ms / 10d) : null,
        };

    private static Gen<UsageQuery> AnyQuery { get; } =
        from start in Gen.Choose(-5 * 24 * 60, 60)
        from length in Gen.Choose(1, 5 * 24 * 60)
        from step in Gen.Elements<UsageStep?>(null, UsageStep.Minute, UsageStep.Hour, UsageStep.Day)
        from groupBy in Gen.Elements(Groupings)
        from key in Gen.Elements(null, null, null, "key_a", "file:x \"y\" ü")
        from model in Gen.Elements(null, null, null, "llama", "gpt-*")
        from backend in Gen.Elements(null, null, null, "gpu-2")
        select new UsageQuery(Now.AddMinutes(start), Now.AddMinutes(start + length), step, groupBy)
        {
            KeyId = key,
            Model = model,
            Backend = backend,
        };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Any_query_gives_what_the_records_add_up_to(StoreKind kind)
    {
        var clock = new FakeTimeProvider(Now);
        await using var store = await servers.OpenAsync(kind, clock);
        using var one = new MeteredReplica(store, clock);
        using var two = new MeteredReplica(store, clock);
        List<UsageRecord> all = [];
        var script = from records in Gen.ListOf(AnyRecord) from queries in Gen.ListOf(AnyQuery, 6) select (records, queries);

        // One store gets more and more: each round adds records and asks again.
        foreach (var (records, queries) in script.Sample(40, size: 30))
        {
            foreach (var (i, record) in records.Index())
            {
                (i % 2 == 0 ? one : two).Meter.Record(record);
                all.Add(record);
            }

            await one.WriteAsync();
            await two.WriteAsync();
            foreach (var query in queries)
            {
                Assert.Equal(Naive(all, query), (await one.QueryAsync(query)).Select(Text));
            }
        }
    }

    [Fact]
    public async Task Range_takes_whole_days_from_days_and_its_edges_from_hours()
    {
        var from = new DateTimeOffset(2026, 3, 1, 22, 45, 0, TimeSpan.Zero);
        var query = new UsageQuery(from, from.AddDays(3), null, []);

        var parts = UsagePart.Of(query, new UsageSpan(0, 0, 0, long.MaxValue)).ToList();

        Assert.Equal(2 + 2 + 23, parts.Count);
        Assert.Equal(2, parts.Count(p => p.Step == UsageStep.Day));
        Assert.Equal(UsageTime.HourOf(from), parts[0].Minute);
        Assert.Equal(new DateTimeOffset(2026, 3, 4, 22, 0, 0, TimeSpan.Zero), UsageTime.MomentOf(parts[^1].Minute));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Range_of_all_time_asks_for_what_can_be_there_only()
    {
        var clock = new FakeTimeProvider(Now);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        replica.Meter.Record(Records.At(Now));
        await replica.WriteAsync();

        var rows = await replica.QueryAsync(new UsageQuery(DateTimeOffset.UnixEpoch, Now.AddYears(100), UsageStep.Day, []));

        Assert.Equal(new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero), Assert.Single(rows).At);
    }

    [Fact]
    public async Task Key_is_shown_under_its_last_name()
    {
        var clock = new FakeTimeProvider(Now);
        await using var store = await servers.OpenAsync(StoreKind.Redis, clock);
        using var replica = new MeteredReplica(store, clock);
        foreach (var name in (string[])["first", "second"])
        {
            replica.Meter.Record(Records.At(clock.GetUtcNow()) with { KeyName = name });
            await replica.WriteAsync();
            clock.Advance(TimeSpan.FromHours(1));
        }

        var query = new UsageQuery(Now, Now.AddHours(2), UsageStep.Hour, [UsageDimension.Key]);
        Assert.Equal(["second", "second"], (await replica.QueryAsync(query)).Select(r => r.KeyName));
        Assert.Equal("first", Assert.Single(await replica.QueryAsync(query with { To = Now.AddMinutes(30) })).KeyName);
    }

    private static IEnumerable<string> Naive(List<UsageRecord> records, UsageQuery query)
    {
        static DateTimeOffset Hour(DateTimeOffset at) => new(at.Year, at.Month, at.Day, at.Hour, 0, 0, TimeSpan.Zero);
        static DateTimeOffset Day(DateTimeOffset at) => new(at.Year, at.Month, at.Day, 0, 0, 0, TimeSpan.Zero);
        string? If(UsageDimension dimension, string? value) => query.GroupBy.Contains(dimension) ? value : null;
        static DateTimeOffset Minute(DateTimeOffset at) => Hour(at).AddMinutes(at.Minute);
        DateTimeOffset? Step(DateTimeOffset at) => query.Step switch
        {
            UsageStep.Minute => Minute(at),
            UsageStep.Hour => Hour(at),
            UsageStep.Day => Day(at),
            _ => null,
        };
        var from = Step(query.From) ?? Hour(query.From);
        var to = Hour(query.To) == query.To ? query.To : Hour(query.To).AddHours(1);
        if (query.Step is UsageStep.Minute)
        {
            // Older ones are not kept.
            from = from > Now.AddHours(-3) ? from : Now.AddHours(-3);
            to = query.To;
        }

        return records
            .Where(r => r.At >= from && r.At < to)
            .Where(r => query.KeyId is null || r.KeyId == query.KeyId)
            .Where(r => query.Model is null || r.Model == query.Model)
            .Where(r => query.Backend is null || r.Backend == query.Backend)
            .GroupBy(r => (
                At: Step(r.At),
                Key: If(UsageDimension.Key, r.KeyId),
                Model: If(UsageDimension.Model, r.Model),
                Backend: If(UsageDimension.Backend, r.Backend)))
            .OrderBy(g => g.Key.At)
            .ThenBy(g => g.Key.Key, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Model, StringComparer.Ordinal)
            .ThenBy(g => g.Key.Backend, StringComparer.Ordinal)
            .Select(g => Text(new UsageRow
            {
                At = g.Key.At,
                KeyId = g.Key.Key,
                KeyName = g.Key.Key is null ? null : "name of " + g.Key.Key,
                Model = g.Key.Model,
                Backend = g.Key.Backend,
                Requests = UsageOutcomes.All.ToDictionary(o => o, o => (long)g.Count(r => UsageOutcomes.Of(r) == o)),
                InputTokens = g.Sum(r => r.InputTokens),
                CachedTokens = g.Sum(r => r.CachedTokens),
                OutputTokens = g.Sum(r => r.OutputTokens),
                EstimatedRequests = g.Count(r => r.IsEstimated),
                NanoUsd = g.Sum(r => r.NanoUsd),
                TimeToFirstToken = Histogram(g.Select(r => r.TimeToFirstToken).OfType<TimeSpan>()),
                Duration = Histogram(g.Select(r => r.Duration)),
            }));
    }

    private static UsageHistogram Histogram(IEnumerable<TimeSpan> times)
    {
        var bounds = UsageHistogram.Bounds;
        var all = times.ToList();
        var counts = Enumerable.Range(0, bounds.Count + 1).Select(i => (long)all.Count(t =>
            (i == 0 || t.TotalSeconds > bounds[i - 1]) && (i == bounds.Count || t.TotalSeconds <= bounds[i])));
        return new UsageHistogram(bounds, [.. counts], all.Sum(t => t.TotalMicroseconds) / 1_000_000);
    }

    // Compared as text, so that a difference can be read.
    private static string Text(UsageRow row) => FormattableString.Invariant(
        $"{row.At:u} {row.KeyId ?? "-"}/{row.KeyName ?? "-"} {row.Model ?? "-"} {row.Backend ?? "-"} {string.Join(',', UsageOutcomes.All.Select(o => row.Requests[o]))} {row.InputTokens} {row.CachedTokens} {row.OutputTokens} {row.EstimatedRequests} {row.NanoUsd} {Text(row.TimeToFirstToken)} {Text(row.Duration)}");

    private static string Text(UsageHistogram histogram) =>
        FormattableString.Invariant($"[{string.Join(' ', histogram.Counts)} = {histogram.SumSeconds:F6}]");
}
