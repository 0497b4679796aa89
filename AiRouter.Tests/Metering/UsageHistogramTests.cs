using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

public sealed class UsageHistogramTests
{
    [Fact]
    public void Quantile_lies_in_the_range_of_the_time_that_it_stands_for()
    {
        var histogram = Of(0.012, 0.012, 0.6, 0.6, 0.6, 4, 4, 4, 4, 100);

        Assert.InRange(histogram.Quantile(0.5)!.Value, 0.5, 0.75);
        Assert.InRange(histogram.Quantile(0.9)!.Value, 3, 5);
        Assert.InRange(histogram.Quantile(0.95)!.Value, 60, 120);
        Assert.Equal(10, histogram.Count);
    }

    [Fact]
    public void Quantile_within_a_range_is_interpolated()
    {
        var histogram = Of(1.6, 1.7, 1.8, 1.9);

        Assert.Equal(1.75, histogram.Quantile(0.5)!.Value, 6);
        Assert.Equal(2, histogram.Quantile(1)!.Value, 6);
        Assert.Equal(1.5, histogram.Quantile(0)!.Value, 6);
    }

    [Fact]
    public void Quantile_beyond_the_last_end_is_that_end() => Assert.Equal(600, Of(3600).Quantile(0.5));

    [Fact]
    public void Quantile_of_no_times_is_none() => Assert.Null(Of().Quantile(0.5));

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.501, 0.75)]
    [InlineData(600, 600)]
    [InlineData(0, 0.005)]
    public void Time_at_an_end_counts_below_it(double seconds, double end)
    {
        var histogram = Of(seconds);

        var index = histogram.Counts.Index().Single(c => c.Item > 0).Index;
        Assert.Equal(end, histogram.UpToSeconds[index]);
    }

    private static UsageHistogram Of(params double[] seconds)
    {
        var counters = new UsageCounters();
        foreach (var time in seconds)
        {
            counters.Add(Records.At(DateTimeOffset.UnixEpoch) with { Duration = TimeSpan.FromSeconds(time) });
        }

        return counters.ToRow(null, default, null).Duration;
    }
}
