using AiRouter.Core.Configuration;
using AiRouter.Core.Limits;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AiRouter.Benchmarks.Soak;

/// <summary>Reads what the store counted, as Admin does.</summary>
internal sealed class StoreReader : IAsyncDisposable
{
    private readonly IHost _host;

    private StoreReader(IHost host) => _host = host;

    /// <summary>Connects.</summary>
    public static async Task<StoreReader> ConnectAsync(string connection, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(TimeProvider.System).AddLogging();
        builder.Services.AddStore(new RedisStoreOptions { ConnectionString = connection, ClientName = "soak" });
        builder.Services.AddUsageStore().AddLimits();
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new StoreReader(host);
    }

    /// <summary>How everything and each client key stand, in the order of <see cref="SoakKeys.All"/>, the whole last.</summary>
    public async Task<IReadOnlyList<LimitStanding>> StandingsAsync(CancellationToken cancellationToken)
    {
        var budget = new BudgetConfig { Usd = 1_000_000, Per = BudgetPeriod.Total };
        LimitSubject[] subjects =
        [
            .. SoakKeys.All.Select(k => new LimitSubject(k.Subject, new LimitsConfig(), budget)),
            new LimitSubject("global", new LimitsConfig { Concurrent = 100_000 }, null),
        ];
        return await _host.Services.GetRequiredService<ILimitLedger>().ReadAsync(subjects, cancellationToken);
    }

    /// <summary>What was used since then, by client key.</summary>
    public async Task<IReadOnlyList<UsageRow>> UsageAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var query = new UsageQuery(since, TimeProvider.System.GetUtcNow().AddHours(1), null, [UsageDimension.Key]);
        return await _host.Services.GetRequiredService<IUsageStore>().QueryAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _host.StopAsync(deadline.Token);
        _host.Dispose();
    }
}
