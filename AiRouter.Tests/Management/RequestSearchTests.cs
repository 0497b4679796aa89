using AiRouter.Admin.Components.Requests;
using AiRouter.Admin.Management.Usage;
using AiRouter.Core.Metering;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Metering;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

public sealed class RequestSearchTests(StoreServers servers)
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("", "", "", "", null, 4)]
    [InlineData("team-a", "", "", "", null, 2)]
    [InlineData("key_b", "", "", "", null, 1)]
    [InlineData("-", "", "", "", null, 1)]
    [InlineData("TEAM-A", "m2", "", "", null, 1)]
    [InlineData("", "", "up", "", null, 3)]
    [InlineData("", "", "", "backend_error", null, 1)]
    [InlineData("", "", "", "", 2.0, 2)]
    [InlineData("nobody", "", "", "", null, 0)]
    public void Filter_lets_through_what_fits_all_of_it(
        string key, string model, string backend, string outcome, double? seconds, int expected)
    {
        RequestView[] all =
        [
            View("1", "key_a", "team-a", "m1", "up", UsageOutcomes.Ok, 1),
            View("2", "key_a", "team-a", "m2", "up", UsageOutcomes.BackendError, 2),
            View("3", "key_b", "team-b", "m1", "up", UsageOutcomes.Ok, 3),
            View("4", null, null, null, null, UsageOutcomes.ClientError, 0.1),
        ];
        var filter = new RequestFilter { Key = key, Model = model, Backend = backend, Outcome = outcome, Seconds = seconds };

        Assert.Equal(expected, all.Count(filter.Fits));
    }

    [Fact]
    public async Task Whole_log_is_searched_page_by_page()
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        using var replica = new MeteredReplica(store, config: new() { RequestLog = new() { Enabled = true, Keep = 5000 } });
        for (var i = 0; i < 2400; i++)
        {
            replica.Meter.Record(Records.At(Noon.AddSeconds(i)) with { RequestId = $"req-{i}", KeyName = i % 100 == 0 ? "rare" : "usual" });
            if (i % 1000 == 999)
            {
                await replica.WriteAsync();
            }
        }

        await replica.WriteAsync();
        await Eventually.HoldsAsync(async () =>
        {
            await replica.WriteAsync();
            return (await replica.Usage.RequestsAsync(5000, TestContext.Current.CancellationToken)).Count == 2400;
        });
        var reports = ActivatorUtilities.CreateInstance<UsageReports>(
            new ServiceCollection().AddSingleton(replica.Usage).AddSingleton(new Core.Administration.AdminKeyStore(store))
                .AddSingleton(TimeProvider.System).BuildServiceProvider());

        var filter = new RequestFilter { Key = "rare" };
        var first = await reports.SearchAsync(filter, 20, 0, TestContext.Current.CancellationToken);
        var second = await reports.SearchAsync(filter, 20, first.Next!.Value, TestContext.Current.CancellationToken);
        Assert.Equal(
            Enumerable.Range(0, 24).Reverse().Select(static i => $"req-{i * 100}"), first.Items.Concat(second.Items).Select(static r => r.RequestId));
        Assert.Null(second.Next);
    }

    [Fact]
    public void Parts_of_the_time_are_the_whole()
    {
        var request = View("1", null, null, "m", "up", UsageOutcomes.Ok, 10) with
        {
            QueueSeconds = 2,
            BackendSeconds = 7,
            TimeToFirstTokenSeconds = 5,
        };

        Assert.Equal(
            [
                ("Waiting for a place", 2), ("Backend, until the first token", 3), ("Backend, the rest of the answer", 4), ("Router and client", 1),
            ],
            RequestText.Parts(request));
        Assert.Equal(10, RequestText.Parts(request with { TimeToFirstTokenSeconds = null, BackendSeconds = null }).Sum(static p => p.Seconds));
    }

    [Fact]
    public void Admin_of_the_playground_is_named_beside_the_key()
    {
        var request = View("1", "key_a", "team-a", null, null, UsageOutcomes.Ok, 1);

        Assert.Equal("team-a, by alice (playground)", RequestText.Who(request with { Admin = "alice" }));
        Assert.Equal("alice (playground)", RequestText.Who(request with { KeyName = null, Admin = "alice" }));
        Assert.Equal("no key", RequestText.Who(request with { KeyName = null }));
    }

    private static RequestView View(
        string id, string? key, string? name, string? model, string? backend, string outcome, double seconds) => new()
        {
            Id = id,
            At = Noon,
            RequestId = "req-" + id,
            Replica = "r",
            Key = key,
            KeyName = name,
            Model = model,
            Backend = backend,
            Operation = "chat",
            Status = 200,
            Outcome = outcome,
            InputTokens = 1,
            CachedTokens = 0,
            OutputTokens = 1,
            IsEstimated = false,
            CostUsd = 0,
            DurationSeconds = seconds,
            HasBodies = false,
        };
}
