using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;

namespace AiRouter.Admin.Management.Audit;

/// <summary>Who did what.</summary>
internal static class AuditEndpoints
{
    /// <summary>Maps the operation.</summary>
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ListAsync)
            .Describe(
                "listAudit",
                "Who did what, newest first: changes of the configuration, of client keys and of admin keys, and readings of bodies.",
                "At most 1000 (count). Of each kind the last 1000 are kept, of changes of the configuration the last 100.")
            .WithTags("audit").Produces<ItemList<AuditEntry>>().Fails(FailureKind.Invalid).RequireAuthorization(AdminPolicies.Viewer);

    private static async Task<IResult> ListAsync(int? count, AuditTrail trail, CancellationToken cancellationToken) =>
        count is < 1 or > AuditTrail.Most
            ? FailureAnswers.Result(ManagementFailure.Invalid("count", $"must be from 1 to {AuditTrail.Most}"))
            : Results.Ok(new ItemList<AuditEntry>(await trail.LastAsync(count ?? 100, cancellationToken)));
}
