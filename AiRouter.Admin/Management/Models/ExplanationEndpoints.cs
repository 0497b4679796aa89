using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Explaining;

namespace AiRouter.Admin.Management.Models;

/// <summary>What happens if a client asks for a model.</summary>
internal static class ExplanationEndpoints
{
    /// <summary>Adds what knows models.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services) =>
        services.AddSingleton<ModelExplanations>().AddSingleton<ModelEditor>().AddSingleton<ModelOverview>();

    /// <summary>Maps the operation.</summary>
    public static void MapExplanations(this RouteGroupBuilder api) =>
        api.MapGet("/explain", ExplainAsync)
            .Describe(
                "explainModel",
                "What happens if a client asks for a model: which one answers and why, with which targets, or which error the client gets.",
                "model: the name that the client sends (none: the default model); operation: chat without it; key: the id of a client key " +
                "(none: one that may do everything). By the stored document and keys; health and limits that are used up are not in it.")
            .WithTags("models").Produces<ModelExplanation>().Fails(FailureKind.Invalid, FailureKind.NotFound)
            .RequireAuthorization(AdminPolicies.Viewer);

    private static async Task<IResult> ExplainAsync(
        string? model, string? operation, string? key, ModelExplanations explanations, CancellationToken cancellationToken) =>
        (await explanations.ExplainAsync(model, operation ?? Operations.Chat, key, cancellationToken)).Answer(Results.Ok);
}
