using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>What in the document refers to a backend: it cannot be removed while something does.</summary>
internal static class BackendUses
{
    /// <summary>The models that have it as a target, by backend, sorted.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ByBackend(RouterConfig config) => config.Models
        .SelectMany(static m => m.Value.Targets.Select(t => (t.Backend, Model: m.Key)))
        .Distinct()
        .GroupBy(static u => u.Backend, StringComparer.Ordinal)
        .ToDictionary(
            static g => g.Key,
            static g => (IReadOnlyList<string>)[.. g.Select(static u => u.Model).Order(StringComparer.Ordinal)],
            StringComparer.Ordinal);

    /// <summary>Whether operations without a model go to it (<c>defaults.backend</c>).</summary>
    public static bool IsDefault(RouterConfig config, string backend) => config.Defaults.Backend == backend;
}
