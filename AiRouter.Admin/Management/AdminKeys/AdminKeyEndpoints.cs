using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Management.AdminKeys;

/// <summary>Admin keys.</summary>
internal static class AdminKeyEndpoints
{
    private const string Json = "application/json";

    private static readonly FailureKind[] Bodies = [FailureKind.Invalid, FailureKind.TooLarge, FailureKind.UnsupportedMediaType];

    /// <summary>Maps the operations.</summary>
    public static void MapAdminKeys(this RouteGroupBuilder api)
    {
        api.MapGet("/me", (HttpContext context) => Results.Ok(Me(context)))
            .Describe("getMe", "Who the admin key belongs to that was sent, and what it may do.")
            .WithTags("admin keys").Produces<AdminView>().Fails().RequireAuthorization(AdminPolicies.Viewer);
        var group = api.MapGroup("/admin-keys").WithTags("admin keys").RequireAuthorization(AdminPolicies.Admin);
        group.MapGet("", async (AdminKeyEditor keys, CancellationToken cancellationToken) =>
                Results.Ok(new ItemList<AdminKeyView>(await keys.ListAsync(cancellationToken))))
            .Describe("listAdminKeys", "All admin keys of the store, by name.", "AIROUTER_ADMIN_KEY is not among them.")
            .Produces<ItemList<AdminKeyView>>().Fails();
        group.MapPost("", CreateAsync)
            .Describe("createAdminKey", "Makes an admin key.", "The answer has its secret, once.")
            .Accepts<AdminKeySettings>(Json).Produces<AdminKeyWithSecret>(StatusCodes.Status201Created)
            .Fails([FailureKind.Refused, .. Bodies]);
        group.MapGet("/{id}", async (string id, HttpContext context, AdminKeyEditor keys) =>
                (await keys.FindAsync(id, context.RequestAborted)).Answer(context))
            .Describe("getAdminKey", "One admin key.").Produces<AdminKeyView>().Fails(FailureKind.NotFound);
        group.MapPut("/{id}", PutAsync)
            .Describe("putAdminKey", "Replaces the settings of an admin key; its secret stays.", "Needs If-Match with the ETag that was read, or *.")
            .Accepts<AdminKeySettings>(Json).Produces<AdminKeyView>()
            .Fails([FailureKind.NotFound, FailureKind.Conflict, FailureKind.PreconditionRequired, .. Bodies]);
        group.MapDelete("/{id}", DeleteAsync)
            .Describe("deleteAdminKey", "Ends an admin key at once.", "The last one with the role admin stays, unless AIROUTER_ADMIN_KEY is set.")
            .Produces(StatusCodes.Status204NoContent).Fails(FailureKind.NotFound, FailureKind.Conflict);
    }

    private static AdminView Me(HttpContext context)
    {
        var identity = AdminIdentity.Of(context);
        return new AdminView(identity.Name, identity.Role, identity.ReadsBodies);
    }

    private static Task<IResult> CreateAsync(HttpRequest request, AdminKeyEditor keys) =>
        VersionedRecords.CreateAsync<AdminKeySettings, AdminKeyWithSecret>(
            request, keys.CreateAsync, static key => $"{ManagementEndpoints.Root}/admin-keys/{key.Id}");

    private static async Task<IResult> PutAsync(string id, HttpRequest request, AdminKeyEditor keys) =>
        await VersionedRecords.PutAsync<AdminKeySettings, AdminKeyView>(
            request,
            await keys.FindAsync(id, request.HttpContext.RequestAborted),
            (settings, version, by, cancellationToken) => keys.ReplaceAsync(id, settings, version, by, cancellationToken));

    private static async Task<IResult> DeleteAsync(string id, HttpRequest request, AdminKeyEditor keys)
    {
        var context = request.HttpContext;
        var (expected, failure) = await ETags.OptionalAsync(
            request, async () => (await keys.FindAsync(id, context.RequestAborted)).Value?.Version ?? 0);
        return (failure ?? await keys.RemoveAsync(id, expected, AdminIdentity.Of(context), context.RequestAborted)) is { } wrong
            ? FailureAnswers.Result(wrong)
            : Results.NoContent();
    }
}
