using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>Makes of a prompt format's text what prompts are rendered with.</summary>
internal static class FormatLoader
{
    /// <summary>The format of a file, whatever its name: <c>.json</c>, <c>.scriban</c>, else Jinja.</summary>
    public static FormatSource? LoadFile(string path, AssetLoad load) => Make(FormatFinder.FindFile(path, load), load);

    /// <summary>The format, or null and what is wrong in <paramref name="load"/>.</summary>
    public static FormatSource? Load(string promptFormat, AssetLoad load) =>
        BuiltInFormats.Find(promptFormat) ?? Make(FormatFinder.Find(promptFormat, load), load);

    /// <summary>The format that was found, or null and what is wrong in <paramref name="load"/>.</summary>
    public static FormatSource? Make(FoundFormat? found, AssetLoad load)
    {
        if (found is null)
        {
            return null;
        }

        var parsed = new Dictionary<string, IPromptTemplate>(StringComparer.Ordinal);
        foreach (var (name, source) in found.Templates)
        {
            if (Parse(source, load) is { } template)
            {
                parsed[name] = template;
            }
        }

        if (parsed.Count < found.Templates.Count)
        {
            return null;
        }

        if (!parsed.ContainsKey(TokenizerConfig.Default))
        {
            var names = string.Join(", ", parsed.Keys);
            load.Fail($"{found.Templates.Values.First().Name}: there is no template called \"default\" among them ({names})");
            return null;
        }

        var (texts, entry) = (found.Templates.Values.Select(s => s.Text).ToList(), found.Entry);
        var set = new TemplateSet(parsed, texts);
        var sniffed = FormatSniffer.Read(texts, entry?.Eos);
        return new FormatSource(set)
        {
            Bos = entry?.Bos,
            Eos = entry?.Eos,
            Traits = TraitsOf(entry, sniffed) with { Names = set.Variables },
            SpecialTokens = [.. found.SpecialTokens.Concat(texts.SelectMany(TemplateText.TokensIn)).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>A template by the end of its file's name; null and what is wrong in <paramref name="load"/>.</summary>
    public static IPromptTemplate? Parse(TemplateSource source, AssetLoad load, string? promptKey = null)
    {
        var template = Parse(source, out var problem);
        if (problem is not null)
        {
            load.Fail(problem.ToString(), promptKey);
        }

        return template;
    }

    /// <summary>A template by the end of its file's name; null and what is wrong with it.</summary>
    public static IPromptTemplate? Parse(TemplateSource source, out TemplateProblem? problem)
    {
        if (FormatFinder.EndsIn(source.Name, ".scriban"))
        {
            return ScribanPrompt.Parse(source.Text, source.Name, out problem);
        }

        problem = null;
        try
        {
            return new JinjaPrompt(JinjaTemplate.Parse(source.Text, source.Name));
        }
        catch (JinjaException broken)
        {
            problem = TemplateProblem.Of(broken);
            return null;
        }
    }

    // Of a format that has an entry, nothing is guessed.
    private static FormatTraits TraitsOf(FormatEntry? entry, FormatTraits sniffed) => entry is null or { EndTokens: null }
        ? sniffed
        : new FormatTraits { EndTokens = entry.EndTokens, ToolCalls = entry.ToolCalls, Reasoning = entry.Reasoning };
}
