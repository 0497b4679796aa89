using System.Globalization;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;

namespace AiRouter.Api.Commands.Import;

/// <summary>
/// Checks what was imported as every configuration is checked. What AiRouter would refuse is taken out and told: a value of the file
/// that makes no sense must not cost the rest.
/// </summary>
/// <param name="imported">What was imported.</param>
/// <param name="root">The file.</param>
/// <param name="head">Makes the comment that goes before the document, when all is said.</param>
internal sealed class ImportCheck(ImportedConfiguration imported, SourceValue root, Func<string> head)
{
    private const int MostRounds = 1000;

    /// <summary>The document with its head, which <c>check</c> finds right; null: nothing would be left of it.</summary>
    public string? Document()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if (imported.Models.Count == 0)
            {
                return null;
            }

            var yaml = ConfigurationDump.ToShortYaml(imported.Config);
            var load = Load(yaml);
            if (load.Model is { } model)
            {
                foreach (var warning in model.Warnings)
                {
                    root.Notes.Warn(root, $"check warns: {warning}");
                }

                // A comment says nothing that counts.
                var document = head() + yaml;
                return TextOf(Load(document)) == TextOf(load) ? document : null;
            }

            // Each part once, however much is wrong with it; the last place of a list first, as the others behind it move.
            var any = false;
            foreach (var (part, problem) in load.Problems.GroupBy(PartOf).OrderByDescending(static p => p.Key.Index)
                .Select(static p => (Part: p.Key, Problem: p.First())).ToList())
            {
                any |= TakeOut(part, problem);
            }

            if (!any)
            {
                return null;
            }
        }

        return null;
    }

    private static ConfigurationLoad Load(string yaml) => RouterConfigurationLoader.Load(
        new RouterConfigurationSource { Yaml = yaml, ReadsReferences = false, Assets = ModelAssets.Instance });

    private static string? TextOf(ConfigurationLoad load) => load.Document is { } read ? ConfigurationDump.ToShortYaml(read) : null;

    private Part PartOf(ConfigurationProblem problem)
    {
        var path = problem.Path;
        if (imported.Models.Keys.FirstOrDefault(m => Inside(path, "models", m) is not null) is { } model)
        {
            return Index(Inside(path, "models", model)!, "fallbacks") is { } fallback && fallback < imported.Models[model].Fallbacks.Count
                ? new Part(PartKind.Fallback, model, fallback)
                : new Part(PartKind.Model, model);
        }

        if (imported.Backends.Keys.FirstOrDefault(b => Inside(path, "backends", b) is not null) is { } backend)
        {
            return new Part(PartKind.Backend, backend);
        }

        return Index(path, "keys") is { } key && key < imported.Keys.Count
            ? new Part(PartKind.Key, imported.Keys[key].Name, key)
            : new Part(PartKind.Section, path.Split('.', '[')[0]);
    }

    private bool TakeOut(Part part, ConfigurationProblem problem)
    {
        switch (part.Kind)
        {
            case PartKind.Fallback:
                var model = imported.Models[part.Name];
                var fallback = $"the fallback \"{model.Fallbacks[part.Index].Model}\" of \"{part.Name}\"";
                Tell(DocumentPath.Of("models", part.Name), fallback, problem);
                imported.Models[part.Name] = model with { Fallbacks = [.. model.Fallbacks.Where((_, i) => i != part.Index)] };
                return true;
            case PartKind.Model:
                Tell(DocumentPath.Of("models", part.Name), $"the model \"{part.Name}\"", problem);
                return imported.Models.Remove(part.Name);
            case PartKind.Backend:
                Tell(DocumentPath.Of("backends", part.Name), $"the backend \"{part.Name}\"", problem);
                return TakeOutBackend(part.Name);
            case PartKind.Key:
                Tell($"key {part.Name}", $"the key \"{part.Name}\"", problem);
                imported.Keys.RemoveAt(part.Index);
                return true;
            default:
                return TakeOutSection(problem);
        }
    }

    private bool TakeOutBackend(string backend)
    {
        foreach (var (name, model) in imported.Models.ToList())
        {
            imported.Models[name] = model with { Targets = [.. model.Targets.Where(t => t.Backend != backend)] };
        }

        return imported.Backends.Remove(backend);
    }

    private bool TakeOutSection(ConfigurationProblem problem)
    {
        switch (problem.Path.Split('.', '[')[0])
        {
            case "defaults" when imported.Defaults != new DefaultsConfig():
                imported.Defaults = new DefaultsConfig();
                break;
            case "limits" when imported.Limits != new GlobalLimitsConfig():
                imported.Limits = new GlobalLimitsConfig();
                break;
            case "server" when imported.Server != new ServerConfig { Authentication = imported.Server.Authentication }:
                imported.Server = new ServerConfig { Authentication = imported.Server.Authentication };
                break;
            default:
                return false;
        }

        Tell("", problem.Path, problem);
        return true;
    }

    private void Tell(string origin, string what, ConfigurationProblem problem) =>
        root.Notes.Add(imported.OriginOf(origin) ?? root, $"{what} is not imported: {problem.Message}");

    private static string? Inside(string path, string section, string name) => DocumentPath.Inside(path, DocumentPath.Of(section, name));

    private static int? Index(string path, string list)
    {
        if (!path.StartsWith(list + "[", StringComparison.Ordinal))
        {
            return null;
        }

        var digits = path.AsSpan(list.Length + 1);
        var end = digits.IndexOf(']');
        return end > 0 && int.TryParse(digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    private enum PartKind
    {
        Section,
        Backend,
        Model,
        Fallback,
        Key,
    }

    /// <summary>What is taken out as a whole.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Name">Its name; of a fallback, the model's.</param>
    /// <param name="Index">Its place in a list; -1: it is in none.</param>
    private sealed record Part(PartKind Kind, string Name, int Index = -1);
}
