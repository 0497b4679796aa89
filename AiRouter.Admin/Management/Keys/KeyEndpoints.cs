using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Management.Keys;

/// <summary>Client keys.</summary>
internal static class KeyEndpoints
{
    private const string Json = "application/json";
    private const string MergePatchJson = "application/merge-patch+json";

    private static readonly FailureKind[] Bodies = [FailureKind.Invalid, FailureKind.TooLarge, FailureKind.UnsupportedMediaType];

    /// <summary>Maps the operations.</summary>
    public static void MapKeys(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/keys").WithTags("keys");
        group.MapGet("", ListAsync)
            .Describe("listKeys", "All client keys, by name; those that the configuration declares too.", "Filters: owner, tag, name.")
            .Produces<ItemList<KeyView>>().Fails().RequireAuthorization(AdminPolicies.Viewer);
        group.MapPost("", CreateAsync)
            .Describe("createKey", "Makes a client key.", "The answer has its secret, once. It works within a second.")
            .Accepts<KeySettings>(Json).Produces<KeyWithSecret>(StatusCodes.Status201Created)
            .Fails([FailureKind.Refused, .. Bodies]).RequireAuthorization(AdminPolicies.Editor);
        group.MapGet("/{id}", GetAsync)
            .Describe("getKey", "One client key.")
            .Produces<KeyView>().Fails(FailureKind.NotFound).RequireAuthorization(AdminPolicies.Viewer);
        group.MapPut("/{id}", PutAsync)
            .Describe("putKey", "Replaces all settings of a client key; its secret stays.", "Needs If-Match with the ETag that was read, or *.")
            .Accepts<KeySettings>(Json).Produces<KeyView>()
            .Fails([FailureKind.NotFound, FailureKind.Conflict, FailureKind.PreconditionRequired, .. Bodies])
            .RequireAuthorization(AdminPolicies.Editor);
        group.MapPatch("/{id}", PatchAsync)
            .Describe(
                "patchKey",
                "Changes single settings of a client key.",
                "A JSON merge patch: what is named is changed, null takes it back to its default. If-Match is compared when it is sent.")
            .Accepts<KeySettings>(MergePatchJson, Json).Produces<KeyView>()
            .Fails([FailureKind.NotFound, FailureKind.Conflict, .. Bodies]).RequireAuthorization(AdminPolicies.Editor);
        group.MapPost("/{id}/rotate", RotateAsync)
            .Describe("rotateKey", "Gives a client key another secret.", "The secret of before works for overlapHours more (24); 0: it ends at once.")
            .Accepts<RotateRequest>(isOptional: true, Json).Produces<KeyWithSecret>()
            .Fails([FailureKind.NotFound, FailureKind.Conflict, .. Bodies]).RequireAuthorization(AdminPolicies.Editor);
        group.MapPost("/{id}/disable", (HttpContext context, KeyEditor keys) => SwitchAsync(true, context, keys))
            .Describe("disableKey", "Switches a client key off, until it is enabled.")
            .Produces<KeyView>().Fails(FailureKind.NotFound, FailureKind.Conflict).RequireAuthorization(AdminPolicies.Editor);
        group.MapPost("/{id}/enable", (HttpContext context, KeyEditor keys) => SwitchAsync(false, context, keys))
            .Describe("enableKey", "Switches a client key on again.")
            .Produces<KeyView>().Fails(FailureKind.NotFound, FailureKind.Conflict).RequireAuthorization(AdminPolicies.Editor);
        group.MapDelete("/{id}", RevokeAsync)
            .Describe("revokeKey", "Revokes a client key for ever.", "It ends within a second. Also for keys that the configuration declares.")
            .Produces(StatusCodes.Status204NoContent).Fails(FailureKind.NotFound).RequireAuthorization(AdminPolicies.Editor);
    }

    private static async Task<IResult> ListAsync(
        string? owner, string? tag, string? name, KeyEditor keys, CancellationToken cancellationToken) =>
        Results.Ok(new ItemList<KeyView>(
        [
            .. (await keys.ListAsync(cancellationToken)).Where(k =>
                (owner is null || k.Owner == owner) && (tag is null || k.Tags.Contains(tag)) && (name is null || k.Name == name)),
        ]));

    private static Task<IResult> CreateAsync(HttpRequest request, KeyEditor keys) =>
        VersionedRecords.CreateAsync<KeySettings, KeyWithSecret>(
            request, keys.CreateAsync, static key => $"{ManagementEndpoints.Root}/keys/{key.Id}");

    private static async Task<IResult> GetAsync(HttpContext context, KeyEditor keys) =>
        (await keys.FindAsync(IdOf(context.Request), context.RequestAborted)).Answer(context);

    private static async Task<IResult> PutAsync(HttpRequest request, KeyEditor keys)
    {
        var id = IdOf(request);
        return await VersionedRecords.PutAsync<KeySettings, KeyView>(
            request,
            await keys.FindAsync(id, request.HttpContext.RequestAborted),
            (settings, version, by, cancellationToken) => keys.ReplaceAsync(id, settings, version, by, cancellationToken));
    }

    private static async Task<IResult> PatchAsync(HttpRequest request, KeyEditor keys)
    {
        var id = IdOf(request);
        var context = request.HttpContext;
        var (expected, failure) = await ETags.OptionalAsync(request, () => VersionAsync(id, context, keys));
        if (failure is not null)
        {
            return FailureAnswers.Result(failure);
        }

        var bytes = await RequestBodies.ReadBytesAsync(request);
        if (bytes.Failure is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        return ReadPatch(bytes.Value!) is { } patch
            ? (await keys.PatchAsync(id, patch, expected, AdminIdentity.Of(context), context.RequestAborted)).Answer(context)
            : FailureAnswers.Result(ManagementFailure.Invalid("", "the body must be a JSON object"));
    }

    private static async Task<IResult> RotateAsync(HttpRequest request, KeyEditor keys)
    {
        var id = IdOf(request);
        var context = request.HttpContext;
        var (expected, failure) = await ETags.OptionalAsync(request, () => VersionAsync(id, context, keys));
        var body = await RequestBodies.ReadOptionalAsync<RotateRequest>(request);
        if ((failure ?? body.Failure) is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        var rotated = await keys.RotateAsync(
            id, TimeSpan.FromHours(body.Value!.OverlapHours), expected, AdminIdentity.Of(context), context.RequestAborted);
        return rotated.Answer(context);
    }

    private static async Task<IResult> SwitchAsync(bool disabled, HttpContext context, KeyEditor keys) =>
        (await keys.SwitchAsync(IdOf(context.Request), disabled, AdminIdentity.Of(context), context.RequestAborted)).Answer(context);

    private static async Task<IResult> RevokeAsync(HttpContext context, KeyEditor keys) =>
        await keys.RevokeAsync(IdOf(context.Request), AdminIdentity.Of(context), context.RequestAborted) is { } failure
            ? FailureAnswers.Result(failure)
            : Results.NoContent();

    private static async Task<long> VersionAsync(string id, HttpContext context, KeyEditor keys) =>
        (await keys.FindAsync(id, context.RequestAborted)).Value?.Version ?? 0;

    // Ids of the configuration's keys have names in them, and those any character.
    private static string IdOf(HttpRequest request) => RawPath.SegmentAfter(request, $"{ManagementEndpoints.Root}/keys/");

    private static JsonObject? ReadPatch(byte[] utf8)
    {
        try
        {
            return JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
