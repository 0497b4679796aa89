using AiRouter.Admin.Management.Configuration;
using AiRouter.Core.Configuration;

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

    private IReadOnlyList<ConfigurationProblem> Problems(RouterConfig config) =>
        RouterConfigurationLoader.Build(config, options.Checks with { Assets = null }).Problems;

    private static string Strip(string path) => path.StartsWith(Place, StringComparison.Ordinal)
        ? path[Place.Length..].TrimStart('.')
        : path;
}
