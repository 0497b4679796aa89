using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Formats.Loading;
using AiRouter.Prompting.Jinja;

namespace AiRouter.Prompting.Formats.Preview;

/// <summary>Every prompt format that there is: those that need no file, those of manifests, and the other files of the folders.</summary>
public static class FormatCatalog
{
    /// <summary>The most files that are listed.</summary>
    public const int MostFiles = 500;

    private static readonly EnumerationOptions Reachable = new() { IgnoreInaccessible = true };

    /// <summary>All of them, each tried on the simplest conversation, sorted by name.</summary>
    /// <param name="folders">Where formats lie; the first folder that has a name counts.</param>
    /// <param name="rendering">What a rendering may use.</param>
    public static IReadOnlyList<ListedFormat> List(IReadOnlyList<string> folders, JinjaOptions rendering)
    {
        var load = new AssetLoad(folders);
        return [.. NamesIn(load).Select(name => Describe(name, load, rendering)).OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>The names alone, which is quick.</summary>
    public static IReadOnlySet<string> Names(IReadOnlyList<string> folders) => NamesIn(new AssetLoad(folders));

    /// <summary>The templates of a format; null and what is wrong.</summary>
    public static IReadOnlyList<FormatText>? Texts(string name, IReadOnlyList<string> folders, out string? problem)
    {
        var load = new AssetLoad(folders);
        var found = FormatFinder.Find(name, load);
        problem = load.Problem;
        return found is null ? null : [.. found.Templates.Select(t => new FormatText(t.Key, t.Value.Name, t.Value.Text))];
    }

    /// <summary>The first thing that is wrong with the text of a format.</summary>
    internal static TemplateProblem? ProblemOf(FoundFormat? found)
    {
        foreach (var template in found?.Templates.Values ?? [])
        {
            if (FormatLoader.Parse(template, out var problem) is null)
            {
                return problem;
            }
        }

        return null;
    }

    private static HashSet<string> NamesIn(AssetLoad load)
    {
        var names = new HashSet<string>(BuiltInFormats.Names, StringComparer.Ordinal);
        foreach (var folder in load.Folders.Where(Directory.Exists))
        {
            var entries = FormatManifest.Read(folder, load).Formats;
            names.UnionWith(entries.Select(e => e.Name));
            var described = entries.Select(e => e.File).ToHashSet(StringComparer.Ordinal);
            names.UnionWith(Directory.EnumerateFiles(folder, "*", Reachable)
                .Where(f => FormatFinder.EndsIn(f, [.. FormatFinder.Extensions]) && !described.Contains(Path.GetFileName(f)))
                .Select(f => Path.GetFileNameWithoutExtension(f)!).Order(StringComparer.Ordinal).Take(MostFiles));

            // As models are downloaded: a folder each.
            names.UnionWith(Directory.EnumerateDirectories(folder, "*", Reachable).Prepend(folder).Take(MostFiles)
                .Select(f => Path.Combine(f, FormatFinder.TokenizerFile)).Where(File.Exists)
                .Select(f => Path.GetRelativePath(folder, f)));
        }

        return names;
    }

    private static ListedFormat Describe(string name, AssetLoad load, JinjaOptions rendering)
    {
        load.Reset();
        var found = FormatFinder.Find(name, load);
        var builtIn = BuiltInFormats.Find(name);
        var source = builtIn ?? FormatLoader.Make(found, load);
        var listed = new ListedFormat(name)
        {
            File = builtIn is null ? found?.Templates.Values.FirstOrDefault()?.Name : null,
            Models = found?.Entry?.Models,
            Source = found?.Entry?.Source,
            Note = found?.Entry?.Note,
            Bos = source?.Bos,
            Eos = source?.Eos,
        };
        if (source is null)
        {
            return listed with { Failure = load.Problem, Problem = ProblemOf(found) };
        }

        var options = new FormatOptions(new PromptConfig(), source, null) { Rendering = rendering };
        return PromptFormats.Try(source, options, out var failure) is { } tried
            ? listed with { Traits = tried.Traits }
            : listed with { Traits = source.Traits, Failure = failure!.Message, Problem = failure.Problem };
    }
}
