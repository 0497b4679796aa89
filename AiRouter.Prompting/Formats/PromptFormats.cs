using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Formats.Templates;

namespace AiRouter.Prompting.Formats;

/// <summary>Loads prompt formats.</summary>
public static class PromptFormats
{
    private const int MostNameLength = 100;

    /// <summary>The format of models that name none.</summary>
    public static IPromptFormat Plain { get; } = Make("plain", BuiltInFormats.Find("plain")!, new PromptConfig(), null);

    /// <summary>The format as a model uses it, or null and what is wrong in <paramref name="load"/>.</summary>
    /// <param name="promptFormat">A name, a file, or a template.</param>
    /// <param name="prompt">How the model uses it.</param>
    /// <param name="load">Reads files and takes problems.</param>
    public static IPromptFormat? Load(string promptFormat, PromptConfig prompt, AssetLoad load)
    {
        // The same for all models that add nothing of their own.
        var found = prompt is { Variables.Count: 0, Roles.Count: 0, Bos: null, Eos: null }
            ? load.Once(promptFormat, () => LoadAndTry(promptFormat, prompt, load))
            : LoadAndTry(promptFormat, prompt, load);
        if (found is null)
        {
            return null;
        }

        IPromptTemplate? completion = null;
        if (prompt.Completions is not (PromptConfig.PlainCompletions or PromptConfig.NoCompletions))
        {
            if (!TemplateText.IsInline(prompt.Completions))
            {
                load.Fail(
                    $"must be {PromptConfig.PlainCompletions}, {PromptConfig.NoCompletions} or a template such as \"{{{{ prompt }}}}\"",
                    "completions");
                return null;
            }

            completion = FormatLoader.Parse(new TemplateSource(prompt.Completions, "template"), load, "completions");
            if (completion is null)
            {
                return null;
            }
        }

        var name = TemplateText.IsInline(promptFormat) ? "template" : promptFormat;
        return Make(name.Length > MostNameLength ? name[..MostNameLength] : name, found, prompt, completion);
    }

    // A template that fails on the simplest conversation would fail on every request.
    private static FormatSource? LoadAndTry(string promptFormat, PromptConfig prompt, AssetLoad load)
    {
        if (FormatLoader.Load(promptFormat, load) is not { } source)
        {
            return null;
        }

        var tried = Try(source, new FormatOptions(prompt, source, null), out var failure);
        if (failure is not null)
        {
            load.Fail(failure.Message);
        }

        return tried;
    }

    /// <summary>The format with what its template takes; null and why it fails on the simplest conversation.</summary>
    internal static FormatSource? Try(FormatSource source, FormatOptions options, out PromptException? failure)
    {
        failure = ContentTrial.Run(source.Templates, options, out var styles);
        return failure is not null ? null : source with
        {
            Templates = source.Templates with { Styles = styles },
            Traits = source.Traits with { TakesImages = styles.TakesImages },
        };
    }

    private static TemplateFormat Make(string name, FormatSource source, PromptConfig prompt, IPromptTemplate? completion) =>
        new(name, source, new FormatOptions(prompt, source, completion));
}
