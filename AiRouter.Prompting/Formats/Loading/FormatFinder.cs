using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Templates;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Prompting.Formats.Loading;

/// <summary>
/// Finds what <c>promptFormat</c> names: a template written there, a file, or a name. A name is one of the formats that need no file,
/// or looked for in every folder, in its manifest and then among its files.
/// </summary>
internal static class FormatFinder
{
    /// <summary>How files end whose names without the ending are names of formats.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".jinja", ".scriban"];

    /// <summary>What a model's tokenizer is described in; with its folder it names a format.</summary>
    public const string TokenizerFile = "tokenizer_config.json";

    /// <summary>The format, or null and what is wrong in <paramref name="load"/>.</summary>
    public static FoundFormat? Find(string promptFormat, AssetLoad load) => promptFormat switch
    {
        "" => Fail(load, "must not be empty"),
        _ when TemplateText.IsInline(promptFormat) => new FoundFormat(new TemplateSource(promptFormat, "template")),
        _ when EndsIn(promptFormat, [.. Extensions, ".jinja2", ".j2", ".json"]) => FindFile(promptFormat, load),
        _ => FindName(promptFormat, load),
    };

    /// <summary>The format of a file, whatever its name: <c>.json</c>, <c>.scriban</c>, else Jinja.</summary>
    public static FoundFormat? FindFile(string path, AssetLoad load) =>
        EndsIn(path, ".json") ? OfTokenizerConfig(path, load) : OfTemplate(path, null, load);

    /// <summary>Whether a file's name ends so.</summary>
    public static bool EndsIn(string name, params ReadOnlySpan<string> extensions)
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

    private static FoundFormat? FindName(string name, AssetLoad load)
    {
        if (BuiltInFormats.Text(name) is { } text)
        {
            return new FoundFormat(new TemplateSource(text, name));
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
                return load.Problem is not null ? null : OfTemplate(Path.Combine(folder, entry.File), entry, load);
            }

            foreach (var extension in Extensions)
            {
                var path = Path.Combine(folder, name + extension);
                if (load.TryRead(path) is not null)
                {
                    return OfTemplate(path, null, load);
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

    private static FoundFormat? OfTemplate(string name, FormatEntry? entry, AssetLoad load)
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
        return new FoundFormat(new TemplateSource(text, file.Path))
        {
            Entry = entry ?? EntryOf(tokens),
            SpecialTokens = tokens?.SpecialTokens ?? [],
        };
    }

    private static FoundFormat? OfTokenizerConfig(string name, AssetLoad load)
    {
        if (load.Read(name) is not { } file || TokenizerConfig.Read(file, load) is not { } config)
        {
            return null;
        }

        var tokens = config.Bos is null && config.Eos is null
            ? TokenizerConfig.TokensBeside(Path.GetDirectoryName(file.Path)!, load) ?? config
            : config;
        return new FoundFormat(config.Templates) { Entry = EntryOf(tokens), SpecialTokens = tokens.SpecialTokens };
    }

    private static FormatEntry? EntryOf(TokenizerConfig? config) =>
        config is null ? null : new FormatEntry("", "") { Bos = config.Bos, Eos = config.Eos };

    private static FoundFormat? Fail(AssetLoad load, string problem)
    {
        load.Fail(problem);
        return null;
    }
}
