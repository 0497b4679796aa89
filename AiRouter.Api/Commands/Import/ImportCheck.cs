using System.Globalization;
using AiRouter.Api.Commands.Import.Reading;
using AiRouter.Core.Configuration;
using AiRouter.Prompting;

namespace AiRouter.Api.Commands.Import;

/// <summary>
/// Checks what was imported as every configuration is checked. What AiRouter would refuse is taken out and told: a value of the file
/// that makes no sense must not cost the rest.
/// </summary>
internal sealed class ImportCheck(ImportedConfiguration imported, SourceValue root)
{
    private const int MostRounds = 1000;

    /// <summary>The document, which <c>check</c> finds right; null: nothing would be left of it.</summary>
    public string? Yaml()
    {
        for (var round = 0; round < MostRounds; round++)
        {
            if (imported.Models.Count == 0)
            {
                return null;
            }

            var yaml = ConfigurationDump.ToShortYaml(imported.Config);
            var source = new RouterConfigurationSource { Yaml = yaml, ReadsReferences = false, Assets = ModelAssets.Instance };
            var load = RouterConfigurationLoader.Load(source);
            if (load.Model is { } model)
            {
                foreach (var warning in model.Warnings)
                {
                    root.Notes.Warn(root, $"check warns: {warning}");
                }

                return yaml;
            }

            // Places in lists move when one is taken out, so one at a time of each.
            if (!load.Problems.GroupBy(static p => p.Path).Select(static g => g.First()).Reverse().Aggregate(
                false, (any, problem) => TakeOut(problem) || any))
            {
                return null;
            }
        }

        return null;
    }

    private bool TakeOut(ConfigurationProblem problem)
    {
        var path = problem.Path;
        if (imported.Models.Keys.FirstOrDefault(m => Inside(path, "models", m) is not null) is { } model)
        {
            return TakeOutOfModel(model, Inside(path, "models", model)!, problem);
        }

        if (imported.Backends.Keys.FirstOrDefault(b => Inside(path, "backends", b) is not null) is { } backend)
        {
            Tell(DocumentPath.Of("backends", backend), $"the backend \"{backend}\"", problem);
            return TakeOutBackend(backend);
        }

        if (Index(path, "keys") is { } index && index < imported.Keys.Count)
        {
            Tell($"key {imported.Keys[index].Name}", $"the key \"{imported.Keys[index].Name}\"", problem);
            imported.Keys.RemoveAt(index);
            return true;
        }

        return TakeOutSection(problem);
    }

    private bool TakeOutOfModel(string name, string inside, ConfigurationProblem problem)
    {
        var model = imported.Models[name];
        var origin = DocumentPath.Of("models", name);
        if (Index(inside, "fallbacks") is { } index && index < model.Fallbacks.Count)
        {
            Tell(origin, $"the fallback \"{model.Fallbacks[index].Model}\" of \"{name}\"", problem);
            imported.Models[name] = model with { Fallbacks = [.. model.Fallbacks.Where((_, i) => i != index)] };
            return true;
        }

        Tell(origin, $"the model \"{name}\"", problem);
        return imported.Models.Remove(name);
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
}
