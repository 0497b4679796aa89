using AiRouter.Admin.Management.Keys;
using AiRouter.Admin.Management.Limits;
using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Management;

/// <summary>What the page of a key shows beside its settings.</summary>
public sealed class KeyOutlookTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_that_may_surprise_are_told()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var keys = admin.Services.GetRequiredService<KeyEditor>();

        var warnings = await keys.WarningsAsync(
            new KeySettings { Name = "a", Models = ["m*", "nobody"], Budget = new BudgetConfig { Usd = 1 } }, Cancelled);

        Assert.Equal(["budget", "models[1]"], warnings.Select(static w => w.Path));
        Assert.StartsWith("requests to m are refused (403)", warnings[0].Message, StringComparison.Ordinal);
        Assert.Equal("no model is called \"nobody\" now", warnings[1].Message);
        Assert.Empty(await keys.WarningsAsync(new KeySettings { Name = "a", Models = ["m"] }, Cancelled));
    }

    [Fact]
    public async Task Standings_are_read_of_single_keys_and_of_some()
    {
        await using var admin = await RunningAdmin.StartAsync(servers);
        await admin.PutConfigurationAsync();
        var limited = await MakeAsync(
            admin, """{"name":"a","limits":{"requestsPerMinute":5},"modelLimits":{"m":{"concurrent":1},"n*":{"budget":{"usd":2}}}}""");
        var free = await MakeAsync(admin, """{"name":"b"}""");
        var subject = new LimitSubject($"key:{limited.Id}", limited.Limits, null);
        var ledger = admin.Services.GetRequiredService<ILimitLedger>();
        Assert.True((await ledger.ReserveAsync(new Reservation { Id = "r", Subjects = [subject] }, Cancelled)).IsAdmitted);
        var standings = admin.Services.GetRequiredService<LimitStandings>();

        var one = await standings.OfKeyAsync(limited, Cancelled);
        var some = await standings.OfKeysAsync([free, limited], Cancelled);

        Assert.Equal([null, "m", "n*"], one.Select(static l => l.Model));
        Assert.Equal(1, one[0].Used.Requests);
        Assert.Equal((limited.Id, 1), (Assert.Single(some).Key, some[0].Used.Requests));
    }

    private static async Task<KeyView> MakeAsync(RunningAdmin admin, string json)
    {
        var made = await (await admin.Http.SendJsonAsync(HttpMethod.Post, "keys", json)).JsonAsync();
        return (await admin.Services.GetRequiredService<KeyEditor>().FindAsync((string)made["id"]!, Cancelled)).Value!;
    }
}
