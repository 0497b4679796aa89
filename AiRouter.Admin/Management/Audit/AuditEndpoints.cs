using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Administration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Audit;

/// <summary>Who did what.</summary>
internal static class AuditEndpoints
{
    private const int Most = 1000;

    /// <summary>Maps the operation.</summary>
    public static void MapAudit(this RouteGroupBuilder api) =>
        api.MapGet("/audit", ListAsync)
            .Describe(
                "listAudit",
                "Who did what, newest first: changes of the configuration, of client keys and of admin keys, and readings of bodies.",
                "At most 1000 (count). Of each kind the last 1000 are kept, of changes of the configuration the last 100.")
            .WithTags("audit").Produces<ItemList<AuditEntry>>().Fails(FailureKind.Invalid).RequireAuthorization(AdminPolicies.Viewer);

    private static async Task<IResult> ListAsync(
        int? count, AdminKeyStore admins, IKeyStore keys, ConfigurationEditor editor, CancellationToken cancellationToken)
    {
        if (count is < 1 or > Most)
        {
            return FailureAnswers.Result(ManagementFailure.Invalid("count", $"must be from 1 to {Most}"));
        }

        var most = count ?? 100;
        var own = await admins.AuditAsync(most, cancellationToken);
        var ofKeys = (await keys.AuditAsync(most, cancellationToken))
            .Select(static k => new AuditEntry(k.Change.At, k.Change.By, $"key.{k.Action}", k.Id, k.Name, k.Differences));
        var ofConfiguration = (await editor.HistoryAsync(cancellationToken))
            .Select(static c => new AuditEntry(c.At, c.By, "configuration.save", ETags.Of(c.Version).Trim('"'), c.Comment, c.Differences));
        return Results.Ok(new ItemList<AuditEntry>(
            [.. own.Concat(ofKeys).Concat(ofConfiguration).OrderByDescending(static e => e.At).Take(most)]));
    }
}
