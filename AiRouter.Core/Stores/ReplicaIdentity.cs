namespace AiRouter.Core.Stores;

/// <summary>This run of this process, as reports, batches of usage and the request log name it.</summary>
/// <param name="Id">Unique to the run.</param>
/// <param name="Host">The machine (in Kubernetes: the pod).</param>
/// <param name="Started">When it started.</param>
public sealed record ReplicaIdentity(string Id, string Host, DateTimeOffset Started)
{
    /// <summary>A new run on this machine.</summary>
    public static ReplicaIdentity Create(TimeProvider time) =>
        new(Guid.NewGuid().ToString("N"), Environment.MachineName, time.GetUtcNow());
}
