using System.Globalization;
using System.Text.Json;
using AiRouter.Prompting.Formats;

namespace AiRouter.Api.Commands;

/// <summary><c>render</c>: shows exactly the prompt that a template makes.</summary>
internal static class RenderCommand
{
    private const string Template = "--template";
    private const string Messages = "--messages";
    private const string Now = "--now";

    public static readonly Command Command = new(
        "render",
        "prints the prompt that a template makes of messages, and nothing else",
        [
            new CommandOption(Template, "FILE_OR_NAME", "a template (.jinja, .scriban, tokenizer_config.json), or a prompt format's name"),
            new CommandOption(Messages, "FILE", "JSON such as {\"messages\": […], \"tools\": […]}: each member is a variable"),
            new CommandOption(Now, "TIME", "what the template takes for now, such as 2026-01-15T12:00:00"),
        ],
        null,
        RunAsync);

    // Deeper than any conversation; the reader's own limit of 64 is met by schemas of tools.
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 512 };

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (context.Options.GetValueOrDefault(Template) is not { } template ||
            context.Options.GetValueOrDefault(Messages) is not { } messages)
        {
            return Fail(context, $"render needs {Template} and {Messages}");
        }

        var now = default(DateTimeOffset?);
        if (context.Options.GetValueOrDefault(Now) is { } time)
        {
            if (!DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            {
                return Fail(context, $"{Now} needs a moment such as 2026-01-15T12:00:00, not '{time}'");
            }

            now = moment;
        }

        if (PromptPreview.Load(template, context.Source.AssetFolders, out var problem) is not { } preview)
        {
            return Fail(context, problem!);
        }

        try
        {
            using var variables = JsonDocument.Parse(await File.ReadAllBytesAsync(messages), Json);
            if (variables.RootElement.ValueKind != JsonValueKind.Object)
            {
                return Fail(context, $"{messages} must hold an object such as {{\"messages\": […]}}");
            }

            await context.RawOutput.WriteAsync(preview.Render(variables.RootElement, now));
            return 0;
        }
        catch (JsonException broken)
        {
            return Fail(context, $"{messages}, line {broken.LineNumber + 1}: this is not JSON");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return Fail(context, unreadable.Message);
        }
        catch (PromptException exception)
        {
            // A refusal's message is the template's own words, for clients; here somebody works on the template.
            return Fail(context, exception.Problem?.ToString() ?? exception.Message);
        }
    }

    private static int Fail(CommandContext context, string problem)
    {
        context.Error.WriteLine($"airouter: {problem}");
        return 1;
    }
}
