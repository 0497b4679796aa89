using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>
/// Checks whole documents with the routers' own loader. What only routers can know (variables and files that a document refers to) is
/// not checked here: each router reports it (<c>/api/v1/replicas</c>).
/// </summary>
internal sealed class ConfigurationChecks(AdminOptions options)
{
    private static readonly ConfigurationProblem LocksEverybodyOut = new(
        "store.mode", "readonly belongs into the file of the routers that rules; saved here it would lock everybody out", null);

    /// <summary>What is wrong with a document, and what could not be checked.</summary>
    public CheckedConfiguration Check(RouterConfig config)
    {
        var assets = options.Checks.Assets is { } own
            ? new AssetsOfRouters(own, isEverythingHere: options.Checks.PromptFormatFolders is not null)
            : null;
        var load = RouterConfigurationLoader.Build(config, options.Checks with { Assets = assets });
        return new CheckedConfiguration(load.Problems, assets?.Warnings ?? []);
    }

    /// <summary>The document as it would be stored, checked; <paramref name="stored"/> is what placeholders stand for.</summary>
    public (RouterConfig Config, CheckedConfiguration Checked) Prepare(RouterConfig asked, RouterConfig? stored)
    {
        var config = StoredCredentials.Protect(asked, stored, options.EncryptionKeys, out var problems);
        var found = Check(config);

        if (asked.Store.Mode == StoreMode.ReadOnly)
        {
            problems = [.. problems, LocksEverybodyOut];
        }

        // A credential that could not be stored is told once, not again by the loader.
        var told = problems.Select(static p => p.Path).ToHashSet(StringComparer.Ordinal);
        return (config, found with { Problems = [.. problems, .. found.Problems.Where(p => !told.Contains(p.Path))] });
    }
}

/// <summary>What came of checking a document.</summary>
/// <param name="Problems">What is wrong; empty when all is well.</param>
/// <param name="Warnings">What could not be checked here.</param>
internal sealed record CheckedConfiguration(IReadOnlyList<ConfigurationProblem> Problems, IReadOnlyList<string> Warnings);
