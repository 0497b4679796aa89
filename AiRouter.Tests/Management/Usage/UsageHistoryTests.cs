using AiRouter.Admin.Management.Usage;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Management.Live;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Management.Usage;

public sealed class UsageHistoryTests
{
    private static readonly UsageFilter Everybody = new(null, null, null);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 10, 15, 20, 15, TimeSpan.Zero));

    [Theory]
    [InlineData(UsageRange.Hour, 60, 1, "2026-03-10T14:21")]
    [InlineData(UsageRange.Day, 24, 60, "2026-03-09T16:00")]
    [InlineData(UsageRange.Week, 28, 360, "2026-03-03T18:00")]
    [InlineData(UsageRange.Month, 30, 1440, "2026-02-09T00:00")]
    public async Task Range_is_steps_without_gaps_that_end_now(UsageRange range, int points, int minutes, string first)
    {
        var usage = new RecordedUsage(_clock);
        var step = TimeSpan.FromMinutes(minutes);
        usage.Add(1, TimeSpan.Zero);
        usage.Add(2, step);
        usage.Add(4, step * (points - 1));
        usage.Add(8, step * points);

        var series = await Read(new UsageHistory(usage, _clock), range, Everybody);

        Assert.Equal(points, series.Points.Count);
        Assert.Equal(DateTimeOffset.Parse(first + "Z", null), series.Points[0].At);
        Assert.All(series.Points.Zip(series.Points.Skip(1)), p => Assert.Equal(step, p.Second.At - p.First.At));
        Assert.Equal((4, 2, 1), (series.Points[0].Requests, series.Points[^2].Requests, series.Points[^1].Requests));
        Assert.Equal(7, series.Points.Sum(static p => p.Requests));
    }

    [Fact]
    public async Task Point_adds_up_what_its_hours_have()
    {
        _clock.SetUtcNow(new DateTimeOffset(2026, 3, 10, 17, 59, 0, TimeSpan.Zero));
        var usage = new RecordedUsage(_clock);
        foreach (var hours in Enumerable.Range(0, 6))
        {
            usage.Add(1, TimeSpan.FromHours(hours), static r => r with { TimeToFirstToken = TimeSpan.FromMilliseconds(40) });
            usage.Add(1, TimeSpan.FromHours(hours), static r => r with { Status = 502 });
        }

        var point = (await Read(new UsageHistory(usage, _clock), UsageRange.Week, Everybody)).Points[^1];

        Assert.Equal((6, 6, 120, 60), (point.Ok, point.BackendErrors, point.InputTokens, point.OutputTokens));
        Assert.Equal(12 * 0.0000015m, point.CostUsd);
        Assert.InRange(point.FirstTokenP50Seconds!.Value, 0.03, 0.05);
    }

    [Fact]
    public async Task Same_question_is_answered_from_memory_for_a_while_and_another_is_not()
    {
        var usage = new RecordedUsage(_clock);
        var history = new UsageHistory(usage, _clock);

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Read(history, UsageRange.Hour, Everybody)));
        Assert.Single(usage.Queries);
        await Read(history, UsageRange.Hour, Everybody with { KeyId = "key_a" });
        await Read(history, UsageRange.Day, Everybody);
        Assert.Equal(["", "key_a", ""], usage.Queries.Select(static q => q.KeyId ?? ""));
        Assert.Equal([UsageStep.Minute, UsageStep.Minute, UsageStep.Hour], usage.Queries.Select(static q => q.Step!.Value));

        _clock.Advance(UsageHistory.LastsOf(UsageRange.Hour));
        await Read(history, UsageRange.Hour, Everybody);
        await Read(history, UsageRange.Day, Everybody);
        Assert.Equal(4, usage.Queries.Count);
    }

    [Fact]
    public async Task Failure_is_not_remembered()
    {
        var usage = new RecordedUsage(_clock) { Gate = Task.FromException(new InvalidOperationException("away")) };
        var history = new UsageHistory(usage, _clock);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Read(history, UsageRange.Hour, Everybody));
        usage.Gate = Task.CompletedTask;

        Assert.Equal(60, (await Read(history, UsageRange.Hour, Everybody)).Points.Count);
    }

    [Fact]
    public async Task Answer_that_took_too_long_is_not_remembered()
    {
        var usage = new RecordedUsage(_clock) { Gate = new TaskCompletionSource().Task };
        var history = new UsageHistory(usage, _clock);
        var late = Read(history, UsageRange.Month, Everybody);
        await Eventually.HoldsAsync(() => usage.Queries.Count == 1);

        _clock.Advance(TimeSpan.FromSeconds(26));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => late);
        usage.Gate = Task.CompletedTask;

        Assert.Equal(30, (await Read(history, UsageRange.Month, Everybody)).Points.Count);
    }

    [Fact]
    public async Task Questions_beyond_the_bound_push_others_out()
    {
        var usage = new RecordedUsage(_clock);
        var history = new UsageHistory(usage, _clock);

        foreach (var i in Enumerable.Range(0, 200))
        {
            await Read(history, UsageRange.Month, Everybody with { KeyId = $"key_{i}" });
        }

        await Read(history, UsageRange.Month, Everybody with { KeyId = "key_199" });
        Assert.Equal(200, usage.Queries.Count);
        await Read(history, UsageRange.Month, Everybody with { KeyId = "key_0" });
        Assert.Equal(201, usage.Queries.Count);
    }

    private static Task<UsageSeries> Read(UsageHistory history, UsageRange range, UsageFilter filter) =>
        history.ReadAsync(range, filter, TestContext.Current.CancellationToken);
}
