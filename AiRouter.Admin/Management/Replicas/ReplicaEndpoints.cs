using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Replicas;

/// <summary>The processes that share the store, and which configuration each serves.</summary>
internal static class ReplicaEndpoints
{
    /// <summary>Maps the operation.</summary>
    public static void MapReplicas(this RouteGroupBuilder api) =>
        api.MapGet("/replicas", ListAsync)
            .Describe(
                "listReplicas",
                "Every live process: which configuration it serves, what it refused of the newest one, and its load.",
                "After a save: each router whose isCurrent is true serves it.")
            .WithTags("replicas").Produces<ReplicaList>().Fails().RequireAuthorization(AdminPolicies.Viewer);

    private static async Task<IResult> ListAsync(IReplicaDirectory replicas, ConfigurationEditor editor, CancellationToken cancellationToken)
    {
        var version = await editor.ReadVersionAsync(cancellationToken);
        var reports = await replicas.ReadAsync(cancellationToken);
        return Results.Ok(new ReplicaList(
            version,
            [.. reports.OrderBy(static r => r.Role, StringComparer.Ordinal).ThenBy(static r => r.Started).Select(r => new ReplicaView(
                r.Id,
                r.Role,
                r.Host,
                r.Started,
                r.Seen,
                r.ConfigurationVersion,
                r.ConfigurationHash,
                r.Role == "api" ? r.ConfigurationVersion == version : null,
                r.Problems,
                r.KeysVersion,
                r.ActiveRequests,
                r.Targets,
                r.DroppedUsage,
                r.WaitingSettlements))]));
    }
}

/// <summary>The processes that share the store.</summary>
/// <param name="ConfigurationVersion">The version that is stored.</param>
/// <param name="Items">Each that was heard of in the last seconds.</param>
internal sealed record ReplicaList(long ConfigurationVersion, IReadOnlyList<ReplicaView> Items);

/// <summary>One process.</summary>
/// <param name="Id">Unique to the run of the process.</param>
/// <param name="Role"><c>api</c> or <c>admin</c>.</param>
/// <param name="Host">The machine (in Kubernetes: the pod).</param>
/// <param name="Started">When it started.</param>
/// <param name="Seen">When it was last heard of, by the store's clock.</param>
/// <param name="ConfigurationVersion">The stored version that it serves; absent: a file of its own, or none.</param>
/// <param name="ConfigurationHash">The hash of what it serves, environment included: replicas that differ serve something else.</param>
/// <param name="IsCurrent">Whether it serves the stored version; absent: it serves none, being Admin.</param>
/// <param name="Problems">What it refused of the newest version.</param>
/// <param name="KeysVersion">The version of the client keys that it knows.</param>
/// <param name="ActiveRequests">Requests under way.</param>
/// <param name="Targets">What it knows of each target of each model, those that it leaves alone first; at most 500.</param>
/// <param name="DroppedUsage">Usage records that were dropped because the store was away too long.</param>
/// <param name="WaitingSettlements">Settlements that wait for the store.</param>
internal sealed record ReplicaView(
    string Id,
    string Role,
    string Host,
    DateTimeOffset Started,
    DateTimeOffset Seen,
    long? ConfigurationVersion,
    string? ConfigurationHash,
    bool? IsCurrent,
    IReadOnlyList<string> Problems,
    long KeysVersion,
    int ActiveRequests,
    IReadOnlyList<TargetReport> Targets,
    long DroppedUsage,
    int WaitingSettlements);
