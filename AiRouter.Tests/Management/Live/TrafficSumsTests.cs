using AiRouter.Admin.Management.Live;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Management.Live;

public sealed class TrafficSumsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 3, 10, 15, 20, 15, TimeSpan.Zero));

    [Fact]
    public async Task Rates_are_of_the_last_sixty_seconds_and_counts_of_the_last_minutes()
    {
        var usage = new RecordedUsage(_clock);
        usage.Add(30, TimeSpan.FromSeconds(5));
        usage.Add(40, TimeSpan.FromSeconds(45));
        usage.Add(50, TimeSpan.FromMinutes(3));
        usage.Add(60, TimeSpan.FromMinutes(7));

        var all = (await ReadAsync(usage)).All;

        // A quarter of this minute is over, so three quarters of the minute before count.
        Assert.Equal((30 + (0.75 * 40)) / 60, all.RequestsPerSecond, 6);
        Assert.Equal(10 * all.RequestsPerSecond, all.InputTokensPerSecond, 6);
        Assert.Equal(5 * all.RequestsPerSecond, all.OutputTokensPerSecond, 6);
        Assert.Equal(30 + 40 + 50, all.Requests);
    }

    [Fact]
    public async Task Outcomes_and_times_are_told_by_model_and_backend()
    {
        var usage = new RecordedUsage(_clock);
        usage.Add(3, TimeSpan.FromSeconds(70), static r => r with { Status = 502 }, model: "a", backend: "one");
        usage.Add(2, TimeSpan.FromSeconds(70), static r => r with { Status = 429 }, model: "b", backend: "one");
        usage.Add(4, TimeSpan.FromSeconds(70), static r => r with { Status = 400 }, model: "b", backend: "two");
        usage.Add(1, TimeSpan.FromSeconds(70), static r => r with { Status = 499 }, model: "b", backend: "two");
        usage.Add(100, TimeSpan.FromSeconds(130), static r => r with { TimeToFirstToken = TimeSpan.FromMilliseconds(80) }, model: "a", backend: "two");

        var sums = await ReadAsync(usage);

        Assert.Equal((110, 3, 2, 4, 1), Counts(sums.All));
        Assert.Equal((103, 3, 0, 0, 0), Counts(sums.OfModel("a")));
        Assert.Equal((7, 0, 2, 4, 1), Counts(sums.OfModel("b")));
        Assert.Equal((5, 3, 2, 0, 0), Counts(sums.OfBackend("one")));
        Assert.InRange(sums.OfModel("a").FirstTokenP50Seconds!.Value, 0.075, 0.1);
        Assert.InRange(sums.All.FirstTokenP95Seconds!.Value, sums.All.FirstTokenP50Seconds!.Value, 0.1);
        Assert.Null(sums.OfModel("b").FirstTokenP50Seconds);
        Assert.Same(LiveTraffic.None, sums.OfModel("c"));
    }

    private static (long All, long Backend, long Limited, long Client, long Cancelled) Counts(LiveTraffic traffic) =>
        (traffic.Requests, traffic.BackendErrors, traffic.Limited, traffic.ClientErrors, traffic.Cancelled);

    private async Task<TrafficSums> ReadAsync(RecordedUsage usage)
    {
        var now = _clock.GetUtcNow();
        return new TrafficSums(await usage.QueryAsync(TrafficSums.Query(now), TestContext.Current.CancellationToken), now);
    }
}
