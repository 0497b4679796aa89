using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>Trying backends out, and the model repositories of Triton servers.</summary>
internal static class BackendCheckEndpoints
{
    /// <summary>Maps the operations.</summary>
    public static void MapBackendChecks(this RouteGroupBuilder api)
    {
        api.MapPost("/backend-checks", CheckAsync)
            .Describe(
                "checkBackend",
                "Tries a backend out: address, connection, TLS, answer, models.",
                "Without config the backend of that name as it is stored; with config that one, stored or not (apiKey set keeps what is stored). " +
                "It runs where Admin runs. Redirects are not followed; link-local and metadata addresses are refused.")
            .WithTags("backends").Accepts<BackendCheckRequest>("application/json").Produces<BackendCheckReport>()
            .Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.TooLarge, FailureKind.UnsupportedMediaType)
            .RequireAuthorization(AdminPolicies.Admin);
        api.MapGet("/repository", ReadAsync)
            .Describe("getRepository", "The model repository of a Triton backend: states, inputs, outputs, and the adapter that fits and why.")
            .WithTags("backends").Produces<RepositoryView>().Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.Refused)
            .RequireAuthorization(AdminPolicies.Admin);
        api.MapPost("/repository/load", (HttpRequest request, RepositoryControl control) => ChangeAsync(RepositoryAction.Load, request, control))
            .Describe("loadModel", "Lets a Triton backend load a model, or load it anew.", Waits)
            .WithTags("backends").Accepts<RepositoryChangeRequest>("application/json").Produces<RepositoryChange>()
            .Produces<RepositoryChange>(StatusCodes.Status202Accepted)
            .Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.Refused, FailureKind.TooLarge, FailureKind.UnsupportedMediaType)
            .RequireAuthorization(AdminPolicies.Admin);
        api.MapPost("/repository/unload", (HttpRequest request, RepositoryControl control) => ChangeAsync(RepositoryAction.Unload, request, control))
            .Describe("unloadModel", "Lets a Triton backend unload a model.", Waits)
            .WithTags("backends").Accepts<RepositoryChangeRequest>("application/json").Produces<RepositoryChange>()
            .Produces<RepositoryChange>(StatusCodes.Status202Accepted)
            .Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.Refused, FailureKind.TooLarge, FailureKind.UnsupportedMediaType)
            .RequireAuthorization(AdminPolicies.Admin);
    }

    private const string Waits =
        "The server must run with --model-control-mode=explicit. 202: it still runs, and goes on; the repository shows the state.";

    private static async Task<IResult> CheckAsync(HttpRequest request, BackendCheck check)
    {
        var body = await RequestBodies.ReadAsync<BackendCheckRequest>(request);
        return body.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : (await check.RunAsync(
                body.Value!.Name, body.Value.Config, AdminIdentity.Of(request.HttpContext), request.HttpContext.RequestAborted))
            .Answer(Results.Ok);
    }

    private static async Task<IResult> ReadAsync(string? backend, HttpContext context, RepositoryControl control) =>
        string.IsNullOrEmpty(backend)
            ? FailureAnswers.Result(ManagementFailure.Invalid("backend", "names a Triton backend"))
            : (await control.ReadAsync(backend, null, AdminIdentity.Of(context), context.RequestAborted)).Answer(Results.Ok);

    private static async Task<IResult> ChangeAsync(RepositoryAction action, HttpRequest request, RepositoryControl control)
    {
        var body = await RequestBodies.ReadAsync<RepositoryChangeRequest>(request);
        if (body.Failure is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        var changed = await control.ChangeAsync(
            body.Value!.Backend, body.Value.Model, action, AdminIdentity.Of(request.HttpContext), request.HttpContext.RequestAborted);
        return changed.Answer(static change => change.State switch
        {
            RepositoryChangeState.Running => Results.Accepted(null, change),
            RepositoryChangeState.Failed => FailureAnswers.Result(new ManagementFailure(FailureKind.Refused, change.Text!)),
            _ => Results.Ok(change),
        });
    }
}

/// <summary>Which backend is to be tried out.</summary>
internal sealed record BackendCheckRequest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The backend as it is about to be saved; absent: as it is stored.</summary>
    public BackendConfig? Config { get; init; }
}

/// <summary>Which model is to be loaded or unloaded.</summary>
internal sealed record RepositoryChangeRequest
{
    /// <summary>The Triton backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The model's name there.</summary>
    public required string Model { get; init; }
}
