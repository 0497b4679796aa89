using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about the default models.</summary>
internal static class DefaultsValidation
{
    /// <summary>Every operation's default model, as the resolver wants it.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ByOperation(DefaultsConfig defaults) =>
        defaults.ByKey().Where(d => d.Model is not null)
            .SelectMany(d => d.Operations.Select(o => KeyValuePair.Create(o, d.Model!)));

    public static void Check(RouterConfig config, ModelResolver models, ProblemList problems)
    {
        var path = ConfigPath.Root["defaults"];
        foreach (var (key, operations, name) in config.Defaults.ByKey())
        {
            if (name is not null)
            {
                CheckModel(name, operations, models, path[key], problems);
            }
        }

        NameValidation.CheckPatterns(config.Defaults.Accept, path["accept"], problems);
        if (config.Defaults.Accept.Count > 0 && !ByOperation(config.Defaults).Any())
        {
            problems.Add(path["accept"], "has no effect: no operation has a default model");
        }

        if (config.Defaults.Backend is { } backend)
        {
            if (!config.Backends.TryGetValue(backend, out var found))
            {
                problems.Add(path["backend"], $"there is no backend \"{backend}\"{NearMiss.Hint(backend, config.Backends.Keys)}");
            }
            else if (found?.Kind is BackendKind.Triton or BackendKind.Anthropic)
            {
                var kind = found.Kind == BackendKind.Triton ? "triton" : "anthropic";
                problems.Add(path["backend"], $"the backend \"{backend}\" is of kind {kind}: it has no files, batches or the like");
            }
        }
    }

    private static void CheckModel(
        string name, IReadOnlyList<string> operations, ModelResolver models, ConfigPath path, ProblemList problems)
    {
        // A pattern fits itself, but no backend has a model with such a name.
        if (name.Contains('*') || models.Resolve(name, operations[0]) is not { IsDefault: false } found)
        {
            var names = models.All.Select(m => m.Name).Where(n => !n.Contains('*')).ToList();
            problems.Add(path, name.Contains('*')
                ? "must be a name, not a pattern"
                : $"there is no model \"{name}\"{NearMiss.Hint(name, names)}");
        }
        else if (found.Model.Config.Operations is { } served && !operations.Any(served.Contains))
        {
            problems.Add(path, $"the model \"{name}\" is not for {operations[0]} (its operations: {string.Join(", ", served)})");
        }
    }
}
