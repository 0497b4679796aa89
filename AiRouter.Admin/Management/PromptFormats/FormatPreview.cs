using System.Text;
using System.Text.Json;
using AiRouter.Admin.Management.Configuration;
using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats;
using AiRouter.Prompting.Formats.Preview;

namespace AiRouter.Admin.Management.PromptFormats;

/// <summary>
/// The prompt formats that there are, their sources, and the prompts that they make. REST and the page both come here. A template that
/// is sent is text from somebody who may only look: it reaches no file, and what it uses is bounded (<see cref="PreviewRuns"/>).
/// </summary>
internal sealed class FormatPreview(AdminOptions options, ConfigurationEditor editor, PreviewRuns runs)
{
    /// <summary>The longest template that is previewed, in characters; the longest that models ship have 20,000.</summary>
    public const int MostTemplate = 100_000;

    /// <summary>The longest conversation, as JSON, in bytes.</summary>
    public const int MostRequest = 256 * 1024;

    private const string Request = "request";

    private IReadOnlyList<string> Folders => options.Checks.AssetFolders;

    /// <summary>All formats, by name, each with the models whose prompts it makes.</summary>
    public async Task<Outcome<ItemList<FormatView>>> ListAsync(CancellationToken cancellationToken)
    {
        var config = (await editor.ReadAsync(cancellationToken)).Value?.Config ?? new RouterConfig();
        var listed = await runs.RunTrustedAsync(rendering => FormatCatalog.List(Folders, rendering), cancellationToken);
        return listed.Failure is { } failure
            ? failure
            : new ItemList<FormatView>([.. listed.Value!.Select(format => View(format, config))]);
    }

    /// <summary>The templates of a format of the list.</summary>
    public async Task<Outcome<FormatSourceView>> SourceAsync(string name, CancellationToken cancellationToken)
    {
        var read = await runs.RunTrustedAsync(
            _ => FormatCatalog.Names(Folders).Contains(name)
                ? new Found(FormatCatalog.Texts(name, Folders, out var problem), problem)
                : new Found(null, null),
            cancellationToken);
        return read switch
        {
            { Failure: { } failure } => failure,
            { Value: { Texts: { } texts } } => new FormatSourceView(name, texts),
            { Value.Problem: { } problem } => new ManagementFailure(FailureKind.Refused, problem),
            _ => NoFormat(name),
        };
    }

    /// <summary>The prompt of a conversation, or why there is none.</summary>
    public async Task<Outcome<FormatPreviewView>> RenderAsync(FormatPreviewRequest asked, CancellationToken cancellationToken)
    {
        if (Check(asked) is { } wrong)
        {
            return wrong;
        }

        using var request = JsonSerializer.SerializeToDocument(asked.Request);
        if (ConversationJson.Read(request.RootElement, out var problem) is not { } conversation)
        {
            return ManagementFailure.Invalid(Request, problem!);
        }

        var input = asked.Model is { } model
            ? await OfModelAsync(asked, model, conversation, cancellationToken)
            : new PreviewInput
            {
                Format = asked.Format ?? asked.Template!,
                IsTemplate = asked.Template is not null,
                Prompt = asked.Prompt ?? new PromptConfig(),
                Conversation = conversation with { BackendAddsBos = asked.BackendAddsBos ?? asked.Prompt?.BosMode is BosMode.Backend },
            };
        if (input.Failure is { } unknown)
        {
            return unknown;
        }

        return await RunAsync(input.Value!, asked.Format, cancellationToken);
    }

    private async Task<Outcome<FormatPreviewView>> RunAsync(PreviewInput input, string? listed, CancellationToken cancellationToken)
    {
        var prompt = await runs.RunAsync(
            rendering => listed is null || FormatCatalog.Names(Folders).Contains(listed)
                ? new Rendered(ConversationPreview.Render(input, new AssetLoad(Folders), rendering))
                : new Rendered(null),
            cancellationToken);
        return prompt switch
        {
            { Failure: { } failure } => failure,
            { Value.Prompt: { } previewed } => View(previewed),
            _ => NoFormat(listed!),
        };
    }

    private async Task<Outcome<PreviewInput>> OfModelAsync(
        FormatPreviewRequest asked, string name, Conversation conversation, CancellationToken cancellationToken)
    {
        var current = await editor.ReadAsync(cancellationToken);
        if (current.Failure is { } failure)
        {
            return failure;
        }

        if (current.Value!.Config.Models.GetValueOrDefault(name) is not { } model)
        {
            return new ManagementFailure(FailureKind.NotFound, $"There is no model \"{name}\".");
        }

        var prompt = asked.Prompt ?? model.Prompt;
        return new PreviewInput
        {
            Format = FormatUse.Of(model)[0],
            Prompt = prompt,
            Conversation = conversation with
            {
                Messages = model.MessageRepair == MessageRepair.Merge ? MessageMerge.Apply(conversation.Messages) : conversation.Messages,
                BackendAddsBos = asked.BackendAddsBos ?? prompt.BosMode is BosMode.Backend,
            },
        };
    }

    private static ManagementFailure? Check(FormatPreviewRequest asked)
    {
        var given = new[] { asked.Format, asked.Template, asked.Model }.Count(static g => g is not null);
        if (given != 1)
        {
            return ManagementFailure.Invalid("", "give one of format, template and model");
        }

        if (asked.Template is { Length: > MostTemplate })
        {
            return ManagementFailure.Invalid("template", $"has {asked.Template.Length:N0} characters; at most {MostTemplate:N0} are previewed");
        }

        if (asked.Request is null)
        {
            return ManagementFailure.Invalid(Request, "is missing: an object with messages");
        }

        var length = Encoding.UTF8.GetByteCount(asked.Request.ToJsonString());
        return length > MostRequest
            ? ManagementFailure.Invalid(Request, $"has {length:N0} bytes; at most {MostRequest:N0} are previewed")
            : null;
    }

    private static ManagementFailure NoFormat(string name) => new(
        FailureKind.NotFound, $"There is no prompt format \"{name}\" in the folders of this Admin (AIROUTER_PROMPT_FORMATS).");

    private static FormatPreviewView View(PreviewedPrompt previewed) => new()
    {
        Prompt = previewed.Failure is null ? previewed.Text : null,
        Segments = previewed.Segments,
        Notes = previewed.Notes,
        Failure = FormatFailure.Of(previewed.Failure, previewed.Problem),
        Variables = Sorted(previewed.Traits),
    };

    private static FormatView View(ListedFormat format, RouterConfig config) => new(format.Name)
    {
        File = format.File,
        For = format.Models,
        Source = format.Source,
        Note = format.Note,
        Bos = format.Bos is { Length: > 0 } bos ? bos : null,
        Eos = format.Eos is { Length: > 0 } eos ? eos : null,
        EndTokens = format.Traits?.EndTokens ?? [],
        ToolCalls = format.Traits?.ToolCalls,
        Reasoning = format.Traits?.Reasoning,
        TakesTools = format.Traits?.TakesTools ?? false,
        TakesImages = format.Traits?.TakesImages ?? false,
        Variables = Sorted(format.Traits),
        UsedBy = FormatUse.By(format, config),
        Failure = FormatFailure.Of(format.Failure, format.Problem),
    };

    private static string[] Sorted(FormatTraits? traits) => traits is null ? [] : [.. traits.Names.Order(StringComparer.Ordinal)];

    private sealed record Found(IReadOnlyList<FormatText>? Texts, string? Problem);

    private sealed record Rendered(PreviewedPrompt? Prompt);
}
