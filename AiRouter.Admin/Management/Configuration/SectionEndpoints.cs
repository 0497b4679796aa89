using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Sections of the document that are one record: default models, global limits, metering, server.</summary>
internal static class SectionEndpoints
{
    /// <summary>Maps the operations of one section.</summary>
    public static void MapSection<T>(this RouteGroupBuilder api, RecordSection<T> part)
        where T : class, new()
    {
        var name = char.ToUpperInvariant(part.Section[0]) + part.Section[1..];
        api.MapGet(part.Path, (HttpContext context, ConfigurationEditor editor) => GetAsync(part, context, editor))
            .Describe($"get{name}", $"The section {part.Section} of the configuration.")
            .WithTags("configuration").Produces<T>().Fails(FailureKind.NotFound).RequireAuthorization(AdminPolicies.Viewer);
        api.MapPut(part.Path, (HttpRequest request, string? comment, ConfigurationEditor editor) => PutAsync(part, request, comment, editor))
            .Describe(
                $"put{name}",
                $"Replaces the section {part.Section} of the configuration.",
                "Only this section changes. Needs If-Match with its ETag, or *.")
            .WithTags("configuration").Accepts<T>("application/json").Produces<ConfigurationSaved>()
            .Fails(FailureKind.Invalid, FailureKind.Conflict, FailureKind.PreconditionRequired, FailureKind.TooLarge, FailureKind.UnsupportedMediaType)
            .RequireAuthorization(AdminPolicies.Editor);
        api.MapDelete(part.Path, (HttpRequest request, string? comment, ConfigurationEditor editor) =>
                SaveAsync(part, request, comment, editor, new T(), isNeeded: false))
            .Describe($"delete{name}", $"Takes the section {part.Section} back to its defaults.", "If-Match is compared when it is sent.")
            .WithTags("configuration").Produces<ConfigurationSaved>().Fails(FailureKind.Invalid, FailureKind.Conflict)
            .RequireAuthorization(AdminPolicies.Editor);
    }

    private static async Task<IResult> GetAsync<T>(RecordSection<T> part, HttpContext context, ConfigurationEditor editor)
        where T : class, new()
    {
        var current = await editor.ReadAsync(context.RequestAborted);
        return current.Answer(c =>
        {
            context.Response.Headers.ETag = ETagOf(part.Get(c.Config));
            return Results.Content(Shown.Json(part.Get(c.Config)), "application/json");
        });
    }

    private static async Task<IResult> PutAsync<T>(RecordSection<T> part, HttpRequest request, string? comment, ConfigurationEditor editor)
        where T : class, new()
    {
        var body = await RequestBodies.ReadAsync<T>(request, part.Section);
        return body.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : await SaveAsync(part, request, comment, editor, body.Value!, isNeeded: true);
    }

    private static async Task<IResult> SaveAsync<T>(
        RecordSection<T> part, HttpRequest request, string? comment, ConfigurationEditor editor, T value, bool isNeeded)
        where T : class, new()
    {
        var context = request.HttpContext;
        Outcome<RouterConfig> Change(RouterConfig config) =>
            ETags.Check(request, ETagOf(part.Get(config)), $"The section {part.Section}", isNeeded) is { } failure
                ? failure
                : part.With(config, value);
        var edit = new ConfigurationEdit(AdminIdentity.Of(context), Change) { Comment = Comments.Cut(comment) };
        var saved = await editor.SaveAsync(edit, context.RequestAborted);
        return saved.Answer(s =>
        {
            context.Response.Headers.ETag = ETagOf(part.Get(s.Config!));
            return Results.Ok(s);
        });
    }

    private static string ETagOf(object section) => ETags.Of(ConfigurationJson.WriteRecord(section));
}
