namespace AiRouter.Core.Stores.Replicas;

/// <summary>A part of the process that has something to say in its report. It is asked every second, and must not wait.</summary>
public interface IReplicaReportSource
{
    /// <summary>The report with this part's members set.</summary>
    ReplicaReport AddTo(ReplicaReport report);
}
