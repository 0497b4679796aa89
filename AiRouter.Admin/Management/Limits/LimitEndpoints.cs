using AiRouter.Admin.Authentication;

namespace AiRouter.Admin.Management.Limits;

/// <summary>How limits stand.</summary>
internal static class LimitEndpoints
{
    /// <summary>Maps the operation.</summary>
    public static void MapLimits(this RouteGroupBuilder api) =>
        api.MapGet("/limits", async (string? key, string? model, LimitStandings limits, CancellationToken cancellationToken) =>
                Results.Ok(new ItemList<LimitView>(await limits.ReadAsync(key, model, cancellationToken))))
            .Describe(
                "listLimits",
                "Every configured limit and budget, and what is used of it now.",
                "Global, of models, of keys, and of keys for single models; filters: key (an id) and model. At most 1000.")
            .WithTags("limits").Produces<ItemList<LimitView>>().Fails().RequireAuthorization(AdminPolicies.Viewer);
}
