using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Core.Metering;

/// <summary>What metering says in the report of this process.</summary>
internal sealed class MeteringReport(UsageMeter meter) : IReplicaReportSource
{
    /// <inheritdoc/>
    public ReplicaReport AddTo(ReplicaReport report) => report with { DroppedUsage = meter.Dropped };
}
