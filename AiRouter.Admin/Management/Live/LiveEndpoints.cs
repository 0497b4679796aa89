using AiRouter.Admin.Authentication;

namespace AiRouter.Admin.Management.Live;

/// <summary>What is going on now.</summary>
internal static class LiveEndpoints
{
    /// <summary>Maps the operation.</summary>
    public static void MapLive(this RouteGroupBuilder api) =>
        api.MapGet("/live", async (LiveFigures figures, CancellationToken cancellationToken) =>
                Results.Ok(await figures.ReadAsync(cancellationToken)))
            .Describe(
                "getLive",
                "What is going on now: what to see to, traffic, and the health of models, backends and processes.",
                "Rates are those of the last minute, other figures of traffic those of the last five; today begins at midnight, UTC. " +
                "Figures are at most two seconds old. health is good, unknown, degraded or down; a model is down when no router asks any of " +
                "its targets.")
            .WithTags("live").Produces<LiveView>().Fails().RequireAuthorization(AdminPolicies.Viewer);
}
