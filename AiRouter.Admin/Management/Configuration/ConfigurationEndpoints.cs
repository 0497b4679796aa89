using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>The configuration as one document: read, check, replace, history, rollback, export and import.</summary>
internal static class ConfigurationEndpoints
{
    private const string Json = "application/json";
    private const string Yaml = "application/yaml";

    private static readonly FailureKind[] Writes =
    [
        FailureKind.Invalid, FailureKind.Conflict, FailureKind.PreconditionRequired, FailureKind.TooLarge, FailureKind.UnsupportedMediaType,
    ];

    /// <summary>Maps the operations.</summary>
    public static void MapConfiguration(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/config").WithTags("configuration");
        group.MapGet("", GetAsync)
            .Describe(
                "getConfiguration",
                "The whole document, as JSON or YAML.",
                "YAML with Accept: application/yaml. Credentials are shown as \"set\", which keeps them when the document is put back.")
            .Produces<RouterConfig>(StatusCodes.Status200OK, Json, Yaml).Fails(FailureKind.NotFound)
            .RequireAuthorization(AdminPolicies.Viewer);
        group.MapPut("", PutAsync)
            .Describe("putConfiguration", "Replaces the whole document.", "Needs If-Match with the ETag that was read; \"0\" for the first.")
            .Accepts<RouterConfig>(Json, Yaml).Produces<ConfigurationSaved>().Fails(Writes).RequireAuthorization(AdminPolicies.Editor);
        group.MapPost("/validate", ValidateAsync)
            .Describe("validateConfiguration", "Checks a document as a save would, and saves nothing.")
            .Accepts<RouterConfig>(Json, Yaml).Produces<ConfigurationValid>()
            .Fails(FailureKind.Invalid, FailureKind.TooLarge, FailureKind.UnsupportedMediaType).RequireAuthorization(AdminPolicies.Viewer);
        group.MapGet("/history", HistoryAsync)
            .Describe("listHistory", "The last 100 changes, newest first: when, who, why and what.")
            .Produces<ItemList<HistoryEntry>>().Fails().RequireAuthorization(AdminPolicies.Viewer);
        group.MapGet("/history/{version:long}", GetVersionAsync)
            .Describe("getVersion", "An earlier document, as JSON or YAML.")
            .Produces<RouterConfig>(StatusCodes.Status200OK, Json, Yaml).Fails(FailureKind.NotFound)
            .RequireAuthorization(AdminPolicies.Viewer);
        group.MapGet("/locks", async (FieldLocks locks, CancellationToken cancellationToken) =>
                Results.Ok(new ItemList<FieldLock>(await locks.ReadAsync(cancellationToken))))
            .Describe("listLocks", "Fields that routers' environments set, and that cannot be changed here.")
            .Produces<ItemList<FieldLock>>().Fails().RequireAuthorization(AdminPolicies.Viewer);
        group.MapPost("/rollback", RollbackAsync)
            .Describe(
                "rollBack",
                "Takes an earlier document back, as a new version.",
                "Client keys are not touched: what was revoked stays revoked. If-Match is compared when it is sent.")
            .Accepts<RollbackRequest>(Json).Produces<ConfigurationSaved>().Fails([FailureKind.NotFound, .. Writes])
            .RequireAuthorization(AdminPolicies.Admin);
        group.MapPost("/reencrypt", ReencryptAsync)
            .Describe("reencrypt", "Encrypts all stored credentials under the newest key of AIROUTER_ENCRYPTION_KEY.")
            .Produces<ConfigurationSaved>().Fails(FailureKind.Invalid, FailureKind.Conflict).RequireAuthorization(AdminPolicies.Admin);
        api.MapGet("/export", ExportAsync)
            .Describe("export", "The document as a YAML file.", "Without comments, which are not stored, and without credentials.")
            .WithTags("configuration").Produces<string>(StatusCodes.Status200OK, Yaml).Fails(FailureKind.NotFound)
            .RequireAuthorization(AdminPolicies.Viewer);
        api.MapPost("/import", PutAsync)
            .Describe(
                "import",
                "Replaces the whole document by a YAML or JSON file.",
                "As PUT /config. Comments of the file are lost; \"set\" keeps a credential that is stored here already.")
            .WithTags("configuration").Accepts<RouterConfig>(Yaml, Json).Produces<ConfigurationSaved>().Fails(Writes)
            .RequireAuthorization(AdminPolicies.Admin);
    }

    private static async Task<IResult> GetAsync(HttpContext context, ConfigurationEditor editor) =>
        (await editor.ReadAsync(context.RequestAborted)).Answer(c => Document(context, c));

    private static async Task<IResult> GetVersionAsync(long version, HttpContext context, ConfigurationEditor editor) =>
        (await editor.ReadAsync(version, context.RequestAborted)).Answer(c => Document(context, c));

    private static async Task<IResult> ExportAsync(HttpContext context, ConfigurationEditor editor) =>
        (await editor.ReadAsync(context.RequestAborted)).Answer(c =>
        {
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"airouter-v{c.Version}.yaml\"";
            context.Response.Headers.ETag = ETags.Of(c.Version);
            return Results.Content(ConfigurationJson.WriteYaml(Shown.Of(c.Config)), Yaml);
        });

    private static async Task<IResult> HistoryAsync(ConfigurationEditor editor, CancellationToken cancellationToken) =>
        Results.Ok(new ItemList<HistoryEntry>(await editor.HistoryAsync(cancellationToken)));

    private static async Task<IResult> ValidateAsync(HttpRequest request, ConfigurationEditor editor)
    {
        var asked = await RequestBodies.ReadDocumentAsync(request);
        return asked.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : Located(await editor.ValidateAsync(asked.Value!.Config!, request.HttpContext.RequestAborted), asked.Value).Answer(Results.Ok);
    }

    private static async Task<IResult> PutAsync(HttpRequest request, string? comment, ConfigurationEditor editor)
    {
        var context = request.HttpContext;
        var (expected, missing) = await ETags.ExpectedAsync(request, () => editor.ReadVersionAsync(context.RequestAborted));
        if (missing is not null)
        {
            return FailureAnswers.Result(missing);
        }

        var asked = await RequestBodies.ReadDocumentAsync(request);
        if (asked.Failure is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        var edit = new ConfigurationEdit(AdminIdentity.Of(context), _ => asked.Value!.Config!)
        {
            Comment = Comments.Cut(comment),
            ExpectedVersion = expected,
            IsWhole = true,
        };
        return Saved(context, Located(await editor.SaveAsync(edit, context.RequestAborted), asked.Value!));
    }

    private static async Task<IResult> RollbackAsync(HttpRequest request, ConfigurationEditor editor)
    {
        var context = request.HttpContext;
        var body = await RequestBodies.ReadAsync<RollbackRequest>(request);
        if (body.Failure is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        var (expected, failure) = await ETags.OptionalAsync(request, () => editor.ReadVersionAsync(context.RequestAborted));
        if (failure is not null)
        {
            return FailureAnswers.Result(failure);
        }

        return Saved(context, await editor.RollbackAsync(body.Value!, expected, AdminIdentity.Of(context), context.RequestAborted));
    }

    private static async Task<IResult> ReencryptAsync(HttpContext context, ConfigurationEditor editor)
    {
        var edit = new ConfigurationEdit(AdminIdentity.Of(context), static config => config) { Comment = "encrypted under the newest key" };
        return Saved(context, await editor.SaveAsync(edit, context.RequestAborted));
    }

    // What is wrong is told with its place in the text that was sent.
    private static Outcome<T> Located<T>(Outcome<T> outcome, WrittenConfiguration written)
        where T : class =>
        outcome.Failure is { } failure ? failure with { Errors = written.Locate(failure.Errors) } : outcome;

    private static IResult Saved(HttpContext context, Outcome<ConfigurationSaved> saved) => saved.Answer(s =>
    {
        context.Response.Headers.ETag = ETags.Of(s.Version);
        return Results.Ok(s);
    });

    private static IResult Document(HttpContext context, CurrentConfiguration current)
    {
        context.Response.Headers.ETag = ETags.Of(current.Version);
        context.Response.Headers.Vary = "Accept";
        return context.Request.Headers.Accept.ToString().Contains("yaml", StringComparison.OrdinalIgnoreCase)
            ? Results.Content(ConfigurationJson.WriteYaml(Shown.Of(current.Config)), Yaml)
            : Results.Content(Shown.Json(current.Config), Json);
    }
}
