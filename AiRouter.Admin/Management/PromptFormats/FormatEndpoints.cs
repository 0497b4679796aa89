using AiRouter.Admin.Authentication;
using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Management.PromptFormats;

/// <summary>Prompt formats: which there are, their templates, and the prompts that they make.</summary>
internal static class FormatEndpoints
{
    /// <summary>Adds the services.</summary>
    public static IServiceCollection AddPromptFormats(this IServiceCollection services) =>
        services.AddSingleton<PreviewRuns>().AddSingleton<FormatPreview>();

    /// <summary>Maps the operations.</summary>
    public static void MapPromptFormats(this RouteGroupBuilder api)
    {
        var group = api.MapGroup("/prompt-formats").WithTags("prompt formats").RequireAuthorization(AdminPolicies.Viewer);
        group.MapGet("", async (FormatPreview formats, CancellationToken cancellationToken) =>
                (await formats.ListAsync(cancellationToken)).Answer(Results.Ok))
            .Describe(
                "listPromptFormats",
                "Every prompt format that models can name, and which do.",
                "Those in the folders of this Admin (AIROUTER_PROMPT_FORMATS), which should be those of the routers.")
            .Produces<ItemList<FormatView>>().Fails(FailureKind.Refused);
        group.MapGet("/source", async (string name, FormatPreview formats, CancellationToken cancellationToken) =>
                (await formats.SourceAsync(name, cancellationToken)).Answer(Results.Ok))
            .Describe("getPromptFormatSource", "The templates of a prompt format.")
            .Produces<FormatSourceView>().Fails(FailureKind.NotFound, FailureKind.Refused);
        group.MapPost("/preview", PreviewAsync)
            .Describe(
                "previewPrompt",
                "The exact prompt that a format, a model or a pasted chat template makes of a conversation.",
                "A template that is broken or refuses is no error of this operation: failure says what is wrong, with line and column. " +
                "A preview has 2 seconds and small budgets.")
            .Accepts<FormatPreviewRequest>("application/json").Produces<FormatPreviewView>()
            .Fails(FailureKind.Invalid, FailureKind.NotFound, FailureKind.Refused, FailureKind.TooLarge, FailureKind.UnsupportedMediaType);
    }

    private static async Task<IResult> PreviewAsync(HttpRequest request, FormatPreview formats)
    {
        var asked = await RequestBodies.ReadAsync<FormatPreviewRequest>(request);
        return asked.Failure is { } wrong
            ? FailureAnswers.Result(wrong)
            : (await formats.RenderAsync(asked.Value!, request.HttpContext.RequestAborted)).Answer(Results.Ok);
    }
}
