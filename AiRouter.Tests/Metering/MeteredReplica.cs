using AiRouter.Core.Configuration;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Metering;

/// <summary>The metering of one replica. It writes when told to, unless it is started.</summary>
internal sealed class MeteredReplica : IDisposable
{
    public MeteredReplica(
        IStore store,
        TimeProvider? time = null,
        MeteringConfig? config = null,
        int capacity = UsageBuffer.Capacity,
        int mostFields = UsageBatch.MostFields,
        RequestLogBuffer? log = null,
        ILogger<MeteringWriter>? logger = null)
    {
        time ??= TimeProvider.System;
        var configuration = new FixedConfiguration(new RouterConfig { Metering = config ?? new MeteringConfig() });
        Identity = ReplicaIdentity.Create(time);
        Meter = new UsageMeter(configuration, new UsageBuffer(capacity), log ?? new RequestLogBuffer());
        logger ??= NullLogger<MeteringWriter>.Instance;
        Writer = new MeteringWriter(Meter, store, configuration, Identity, time, logger)
        {
            MostFields = mostFields,
        };
        Usage = new UsageStore(store, time);
    }

    public ReplicaIdentity Identity { get; }

    public UsageMeter Meter { get; }

    public MeteringWriter Writer { get; }

    public IUsageStore Usage { get; }

    /// <summary>Writes what waits now.</summary>
    public async Task<bool> WriteAsync() => await Writer.WriteAsync(TestContext.Current.CancellationToken);

    /// <summary>Everything of the hours around a moment, in one row a group.</summary>
    public async Task<IReadOnlyList<UsageRow>> ReadAsync(DateTimeOffset at, params UsageDimension[] groupBy) =>
        await QueryAsync(new UsageQuery(at.AddHours(-1), at.AddHours(1), null, groupBy));

    public async Task<IReadOnlyList<UsageRow>> QueryAsync(UsageQuery query) =>
        await Usage.QueryAsync(query, TestContext.Current.CancellationToken);

    public void Dispose() => Writer.Dispose();
}
