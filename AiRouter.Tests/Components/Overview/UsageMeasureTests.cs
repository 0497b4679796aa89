using AiRouter.Admin.Components.Overview.Charts;
using AiRouter.Admin.Management.Usage;

namespace AiRouter.Tests.Components.Overview;

public sealed class UsageMeasureTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly UsagePoint[] Points =
    [
        new() { At = Noon, Ok = 90, ClientErrors = 1, Limited = 2, BackendErrors = 3, Cancelled = 4, CostUsd = 0.5m },
        new() { At = Noon.AddHours(1), InputTokens = 12345, OutputTokens = 6, FirstTokenP50Seconds = 0.1, FirstTokenP95Seconds = 2 },
    ];

    [Theory]
    [InlineData(UsageMeasure.Requests, "100 in all")]
    [InlineData(UsageMeasure.Errors, "6, 6 % of requests")]
    [InlineData(UsageMeasure.Tokens, "12,345 in, 6 out")]
    [InlineData(UsageMeasure.FirstToken, "lately p50 100 ms, p95 2 s")]
    [InlineData(UsageMeasure.Cost, "$0.50 in all")]
    public void Total_of_a_measure_reads(UsageMeasure measure, string text) => Assert.Equal(text, UsageMeasures.Total(measure, Points));

    [Fact]
    public void Columns_of_requests_add_up_to_all_requests() =>
        Assert.Equal(100, UsageMeasures.LinesOf(UsageMeasure.Requests).Sum(static l => l.Value(Points[0])));

    [Fact]
    public void Axis_has_no_half_requests()
    {
        Assert.Equal("", UsageMeasures.Format(UsageMeasure.Requests, 0.5));
        Assert.Equal("2", UsageMeasures.Format(UsageMeasure.Requests, 2));
        Assert.Equal("$0.50", UsageMeasures.Format(UsageMeasure.Cost, 0.5));
        Assert.Equal("500 ms", UsageMeasures.Format(UsageMeasure.FirstToken, 0.5));
    }

    [Theory]
    [InlineData(UsageRange.Hour, 60, 1)]
    [InlineData(UsageRange.Day, 24, 60)]
    [InlineData(UsageRange.Week, 28, 360)]
    [InlineData(UsageRange.Month, 30, 1440)]
    public void Axis_has_a_few_labels_whenever_it_is(UsageRange range, int points, int minutes)
    {
        for (var start = 0; start < 40; start++)
        {
            var shown = Enumerable.Range(start, points).Select(i => Noon.AddMinutes(i * minutes))
                .Where(at => TimeLabels.IsShown(range, at)).Select(at => TimeLabels.Axis(range, at)).ToList();
            Assert.InRange(shown.Count, 3, 5);
            Assert.Equal(shown.Distinct(), shown);
        }
    }
}
