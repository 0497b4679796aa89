using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>Checks the settings of a key against the configuration that it is used with, as if it were declared there.</summary>
internal sealed class KeyChecks(AdminOptions options, ConfigurationEditor editor)
{
    private const string Place = "keys[0]";

    /// <summary>What is wrong, by path; empty when all is well.</summary>
    public async Task<IReadOnlyList<ConfigurationProblem>> CheckAsync(KeySettings settings, CancellationToken cancellationToken)
    {
        var config = (await editor.ReadAsync(cancellationToken)).Value?.Config ?? new RouterConfig();

        // Only what the key adds is its fault.
        var known = Problems(config with { Keys = [] }).Select(static p => (p.Path, p.Message)).ToHashSet();
        List<ConfigurationProblem> found =
        [
            .. Problems(config with { Keys = [KeyMapping.Config(settings)] })
                .Where(p => !known.Contains((p.Path, p.Message)))
                .Select(static p => p with { Path = Strip(p.Path) }),
        ];
        if (config.Keys.Any(k => k.Name == settings.Name))
        {
            found.Add(new ConfigurationProblem("name", $"the configuration declares a key called \"{settings.Name}\" already", null));
        }

        return found;
    }

    /// <summary>What holds and may surprise, by path: a budget that covers models without a price, models that nobody configured.</summary>
    public async Task<IReadOnlyList<ConfigurationProblem>> WarningsAsync(KeySettings settings, CancellationToken cancellationToken)
    {
        var config = (await editor.ReadAsync(cancellationToken)).Value?.Config ?? new RouterConfig();
        var model = Load(config with { Keys = [KeyMapping.Config(settings)] }).Model;
        List<ConfigurationProblem> found =
        [
            .. (model?.Warnings ?? []).Where(static p => p.Path.StartsWith(Place, StringComparison.Ordinal))
                .Select(static p => p with { Path = Strip(p.Path) }),
        ];
        foreach (var (pattern, i) in (settings.Models ?? []).Select(static (pattern, i) => (new WildcardPattern(pattern), i)))
        {
            if (!config.Models.Keys.Any(name => pattern.IsMatch(name) || new WildcardPattern(name).IsMatch(pattern.Pattern)))
            {
                found.Add(new ConfigurationProblem($"models[{i}]", $"no model is called \"{pattern.Pattern}\" now", null));
            }
        }

        return found;
    }

    private IReadOnlyList<ConfigurationProblem> Problems(RouterConfig config) => Load(config).Problems;

    private ConfigurationLoad Load(RouterConfig config) => RouterConfigurationLoader.Build(config, options.Checks with { Assets = null });

    private static string Strip(string path) => path.StartsWith(Place, StringComparison.Ordinal)
        ? path[Place.Length..].TrimStart('.')
        : path;
}
