using System.Text.Json.Nodes;
using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Backends and models, one by one.</summary>
internal static class EntryEndpoints
{
    private const string OneEditor =
        "Only this entry changes: edits of others at the same time are kept. Replacing one that is there needs If-Match with its ETag, or *.";

    /// <summary>Maps the operations of one section.</summary>
    public static void MapEntries<T>(this RouteGroupBuilder api, EntrySection<T> part)
        where T : class
    {
        var group = api.MapGroup("/" + part.Section).WithTags(part.Section);
        var one = char.ToUpperInvariant(part.Singular[0]) + part.Singular[1..];
        group.MapGet("", (ConfigurationEditor editor, CancellationToken cancellationToken) => ListAsync(part, editor, cancellationToken))
            .Describe($"list{one}s", $"All {part.Section}, by name.")
            .Produces<EntryList<T>>().Fails().RequireAuthorization(AdminPolicies.Viewer);
        group.MapGet("/{**name}", (HttpRequest request, ConfigurationEditor editor) => GetAsync(part, request, editor))
            .Describe($"get{one}", $"One {part.Singular}.", "The name may have any character, percent-encoded.")
            .Produces<T>().Fails(FailureKind.NotFound).RequireAuthorization(AdminPolicies.Viewer);
        group.MapPut("/{**name}", (HttpRequest request, string? comment, ConfigurationEditor editor) => PutAsync(part, request, comment, editor))
            .Describe($"put{one}", $"Makes or replaces one {part.Singular}.", OneEditor)
            .Accepts<T>("application/json").Produces<ConfigurationSaved>().Produces<ConfigurationSaved>(StatusCodes.Status201Created)
            .Fails(FailureKind.Invalid, FailureKind.Conflict, FailureKind.PreconditionRequired, FailureKind.TooLarge, FailureKind.UnsupportedMediaType)
            .RequireAuthorization(AdminPolicies.Editor);
        group.MapDelete("/{**name}", (HttpRequest request, string? comment, ConfigurationEditor editor) => DeleteAsync(part, request, comment, editor))
            .Describe($"delete{one}", $"Removes one {part.Singular}.", "If-Match is compared when it is sent.")
            .Produces<ConfigurationSaved>().Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.Conflict)
            .RequireAuthorization(AdminPolicies.Editor);
    }

    private static async Task<IResult> ListAsync<T>(EntrySection<T> part, ConfigurationEditor editor, CancellationToken cancellationToken)
        where T : class
    {
        var current = await editor.ReadAsync(cancellationToken);
        return current.Answer(c => Results.Ok(new EntryList<JsonNode>(
            [
                .. part.Get(Shown.Of(c.Config)).OrderBy(static e => e.Key, StringComparer.Ordinal)
                    .Select(e => new Entry<JsonNode>(e.Key, ETagOf(part.Get(c.Config)[e.Key]), Shown.Node(e.Value))),
            ])));
    }

    private static async Task<IResult> GetAsync<T>(EntrySection<T> part, HttpRequest request, ConfigurationEditor editor)
        where T : class
    {
        var name = NameOf(part, request);
        var current = await editor.ReadAsync(request.HttpContext.RequestAborted);
        return current.Answer(c =>
        {
            if (!part.Get(c.Config).TryGetValue(name, out var entry))
            {
                return FailureAnswers.Result(Missing(part, name));
            }

            request.HttpContext.Response.Headers.ETag = ETagOf(entry);
            return Results.Content(Shown.Json(part.Get(Shown.Of(c.Config))[name]), "application/json");
        });
    }

    private static async Task<IResult> PutAsync<T>(EntrySection<T> part, HttpRequest request, string? comment, ConfigurationEditor editor)
        where T : class
    {
        var name = NameOf(part, request);
        var body = await RequestBodies.ReadAsync<T>(request, part.Section, name);
        if (body.Failure is { } wrong)
        {
            return FailureAnswers.Result(wrong);
        }

        var isNew = false;
        return await SaveAsync(part, name, request, comment, editor, config =>
        {
            var current = part.Get(config).GetValueOrDefault(name);
            isNew = current is null;
            return ETags.Check(request, current is null ? null : ETagOf(current), $"The {part.Singular} \"{name}\"", isNeeded: true) is { } failure
                ? failure
                : part.WithEntry(config, name, body.Value);
        },
        () => isNew);
    }

    private static Task<IResult> DeleteAsync<T>(EntrySection<T> part, HttpRequest request, string? comment, ConfigurationEditor editor)
        where T : class
    {
        var name = NameOf(part, request);
        return SaveAsync(part, name, request, comment, editor, config => part.Get(config).TryGetValue(name, out var current)
            ? ETags.Check(request, ETagOf(current), $"The {part.Singular} \"{name}\"", isNeeded: false) is { } failure
                ? failure
                : part.WithEntry(config, name, null)
            : Missing(part, name),
            static () => false);
    }

    private static async Task<IResult> SaveAsync<T>(
        EntrySection<T> part,
        string name,
        HttpRequest request,
        string? comment,
        ConfigurationEditor editor,
        Func<RouterConfig, Outcome<RouterConfig>> change,
        Func<bool> isNew)
        where T : class
    {
        var context = request.HttpContext;
        var edit = new ConfigurationEdit(AdminIdentity.Of(context), change) { Comment = Comments.Cut(comment) };
        var saved = await editor.SaveAsync(edit, context.RequestAborted);
        return saved.Answer(s =>
        {
            if (s.Config is { } config && part.Get(config).TryGetValue(name, out var entry))
            {
                context.Response.Headers.ETag = ETagOf(entry);
            }

            return isNew() ? Results.Created($"{request.Path}", s) : Results.Ok(s);
        });
    }

    private static string NameOf<T>(EntrySection<T> part, HttpRequest request)
        where T : class => RawPath.NameAfter(request, $"{ManagementEndpoints.Root}/{part.Section}/");

    private static string ETagOf(object entry) => ETags.Of(ConfigurationJson.WriteRecord(entry));

    private static ManagementFailure Missing<T>(EntrySection<T> part, string name)
        where T : class => new(FailureKind.NotFound, $"There is no {part.Singular} \"{name}\".");
}
