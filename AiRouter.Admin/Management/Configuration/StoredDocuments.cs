using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>Documents of the store, as records.</summary>
internal static class StoredDocuments
{
    /// <summary>A document, read; a later release may have written what this one does not know.</summary>
    public static Outcome<CurrentConfiguration> Read(StoredConfiguration document)
    {
        var (config, problems) = ConfigurationJson.Read(document.Json, "the store");
        return config is null
            ? new ManagementFailure(FailureKind.Refused, "The stored document cannot be read by this release of Admin.") { Errors = problems }
            : new CurrentConfiguration(document.Version, config);
    }

    /// <summary>What differs, credentials left out.</summary>
    /// <param name="before">The document before; null: there was none.</param>
    /// <param name="after">The document after.</param>
    public static IReadOnlyList<ConfigurationDifference> Differences(RouterConfig? before, RouterConfig after) =>
        ConfigurationDiff.Between(before is null ? null : ConfigurationJson.Write(before), ConfigurationJson.Write(after));
}
