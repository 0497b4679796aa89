using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Jinja;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>
/// Finds what <c>promptFormat</c> names: a template written there, a file, or a name. A name is looked for in every folder, in
/// its manifest and then among its files, and at last among the formats that need no file.
/// </summary>
internal static class FormatLoader
{
    private static readonly string[] Extensions = [".jinja", ".scriban"];

    /// <summary>The format of a file, whatever its name: <c>.json</c>, <c>.scriban</c>, else Jinja.</summary>
    public static FormatSource? LoadFile(string path, AssetLoad load) =>
        EndsIn(path, ".json") ? FromTokenizerConfig(path, load) : FromFile(path, null, load);

    /// <summary>The format, or null and what is wrong in <paramref name="load"/>.</summary>
    public static FormatSource? Load(string promptFormat, AssetLoad load) => promptFormat switch
    {
        "" => Fail(load, "must not be empty"),
        _ when TemplateText.IsInline(promptFormat) =>
            FromTemplate(new TemplateSource(promptFormat, "template"), null, load),
        _ when EndsIn(promptFormat, [.. Extensions, ".jinja2", ".j2", ".json"]) => LoadFile(promptFormat, load),
        _ => FromName(promptFormat, load),
    };

    private static FormatSource? FromName(string name, AssetLoad load)
    {
        if (BuiltInFormats.Find(name) is { } builtIn)
        {
            return builtIn;
        }

        if (name.AsSpan().IndexOfAny('/', '\\', '\0') >= 0)
        {
            return Fail(load, $"a file that is a prompt format ends in .jinja, .scriban or .json, not so \"{name}\"");
        }

        foreach (var folder in load.Folders)
        {
            if (FormatManifest.Read(folder, load).Formats.FirstOrDefault(f => f.Name == name) is { } entry)
            {
                CheckParser("way to read tool calls called", entry.ToolCalls, OutputParsers.ToolCalls.Keys, load);
                CheckParser("way to read reasoning called", entry.Reasoning, OutputParsers.Reasoning.Keys, load);
                return load.Problem is not null ? null : FromFile(Path.Combine(folder, entry.File), entry, load);
            }

            foreach (var extension in Extensions)
            {
                var path = Path.Combine(folder, name + extension);
                if (load.TryRead(path) is not null)
                {
                    return FromFile(path, null, load);
                }
            }
        }

        load.FailName("prompt format", name, Names(load));
        return null;
    }

    private static void CheckParser(string kind, string? name, IReadOnlyCollection<string> names, AssetLoad load)
    {
        if (name is not null && !names.Contains(name))
        {
            load.FailName(kind, name, names);
        }
    }

    /// <summary>Every name that there is, sorted.</summary>
    private static IEnumerable<string> Names(AssetLoad load) => BuiltInFormats.Names
        .Concat(load.Folders.SelectMany(folder => FormatManifest.Read(folder, load).Formats.Select(f => f.Name)))
        .Concat(Extensions.SelectMany(load.List).Select(file => Path.GetFileNameWithoutExtension(file)!))
        .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static FormatSource? FromFile(string name, FormatEntry? entry, AssetLoad load)
    {
        if (load.Read(name) is not { } file)
        {
            return null;
        }

        if (!file.TryGetText(out var text))
        {
            return Fail(load, $"the file {file.Path} is not UTF-8 text");
        }

        // As models ship it: the template in one file, its tokens in the other.
        var tokens = entry is null && Path.GetFileName(file.Path) == "chat_template.jinja"
            ? TokenizerConfig.TokensBeside(Path.GetDirectoryName(file.Path)!, load)
            : null;
        return FromTemplate(
            new TemplateSource(text, file.Path), entry ?? Entry(tokens), load, tokens?.SpecialTokens);
    }

    private static FormatSource? FromTokenizerConfig(string name, AssetLoad load)
    {
        if (load.Read(name) is not { } file || TokenizerConfig.Read(file, load) is not { } config)
        {
            return null;
        }

        var tokens = config.Bos is null && config.Eos is null
            ? TokenizerConfig.TokensBeside(Path.GetDirectoryName(file.Path)!, load) ?? config
            : config;
        return Make(config.Templates, Entry(tokens), load, tokens.SpecialTokens);
    }

    private static FormatSource? FromTemplate(
        TemplateSource source, FormatEntry? entry, AssetLoad load, IEnumerable<string>? specialTokens = null) =>
        Make(new Dictionary<string, TemplateSource> { [TokenizerConfig.Default] = source }, entry, load, specialTokens ?? []);

    private static FormatSource? Make(
        Dictionary<string, TemplateSource> sources, FormatEntry? entry, AssetLoad load, IEnumerable<string> specialTokens)
    {
        var parsed = new Dictionary<string, IPromptTemplate>(StringComparer.Ordinal);
        foreach (var (name, source) in sources)
        {
            if (Parse(source, load) is { } template)
            {
                parsed[name] = template;
            }
        }

        if (parsed.Count < sources.Count)
        {
            return null;
        }

        if (!parsed.ContainsKey(TokenizerConfig.Default))
        {
            var names = string.Join(", ", parsed.Keys);
            return Fail(load, $"{sources.Values.First().Name}: there is no template called \"default\" among them ({names})");
        }

        var texts = sources.Values.Select(s => s.Text).ToList();
        var set = new TemplateSet(parsed, texts);
        var sniffed = FormatSniffer.Read(texts, entry?.Eos);
        return new FormatSource(set)
        {
            Bos = entry?.Bos,
            Eos = entry?.Eos,
            Traits = TraitsOf(entry, sniffed) with { Names = set.Variables },
            SpecialTokens = [.. specialTokens.Concat(texts.SelectMany(TemplateText.TokensIn)).Distinct(StringComparer.Ordinal)],
        };
    }

    // Of a format that has an entry, nothing is guessed.
    private static FormatTraits TraitsOf(FormatEntry? entry, FormatTraits sniffed) => entry is null or { EndTokens: null }
        ? sniffed
        : new FormatTraits { EndTokens = entry.EndTokens, ToolCalls = entry.ToolCalls, Reasoning = entry.Reasoning };

    /// <summary>A template by the end of its file's name.</summary>
    internal static IPromptTemplate? Parse(TemplateSource source, AssetLoad load, string? promptKey = null)
    {
        if (EndsIn(source.Name, ".scriban"))
        {
            var template = ScribanPrompt.Parse(source.Text, source.Name, out var problem);
            if (problem is not null)
            {
                load.Fail(problem, promptKey);
            }

            return template;
        }

        try
        {
            return new JinjaPrompt(JinjaTemplate.Parse(source.Text, source.Name));
        }
        catch (JinjaException broken)
        {
            load.Fail(broken.Message, promptKey);
            return null;
        }
    }

    private static FormatEntry? Entry(TokenizerConfig? config) =>
        config is null ? null : new FormatEntry("", "") { Bos = config.Bos, Eos = config.Eos };

    private static FormatSource? Fail(AssetLoad load, string problem)
    {
        load.Fail(problem);
        return null;
    }

    private static bool EndsIn(string name, params ReadOnlySpan<string> extensions)
    {
        foreach (var extension in extensions)
        {
            if (name.EndsWith(extension, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
