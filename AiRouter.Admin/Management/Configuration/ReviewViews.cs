using AiRouter.Admin.Management.Failures;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>The stored document, and what keeps people from changing it.</summary>
/// <param name="Version">Its version; 0: there is none.</param>
/// <param name="Config">As it is stored: never to be shown as it is. An empty one where there is none.</param>
public sealed record ConfigurationStanding(long Version, RouterConfig Config)
{
    /// <summary>Who saved it.</summary>
    public string? By { get; init; }

    /// <summary>When.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Why nobody changes it here (R35); null: it is changed here.</summary>
    public ManagementFailure? ReadOnly { get; init; }

    /// <summary>That there is none, or that the store has lost it; null: there is one.</summary>
    public ManagementFailure? Missing { get; init; }

    /// <summary>Fields that routers' environments set.</summary>
    public IReadOnlyList<FieldLock> Locks { get; init; } = [];

    /// <summary>Whether there is a document.</summary>
    public bool IsStored => Version > 0;

    /// <summary>The document as people edit it: YAML, credentials as <c>set</c>.</summary>
    public string Yaml => IsStored ? ConfigurationJson.WriteYaml(Shown.Of(Config)) : "";
}

/// <summary>What a document that is to be saved would do.</summary>
/// <param name="Standing">What is stored now.</param>
public sealed record DocumentReview(ConfigurationStanding Standing)
{
    /// <summary>What is wrong with it, with places in its text; such a document is not saved.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>What could not be checked here.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>What would change, by path, credentials left out.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; init; } = [];

    /// <summary>What would change, as texts; null: it cannot be read.</summary>
    public TextChange? Change { get; init; }
}

/// <summary>A change of the document as two texts in YAML, credentials hidden: one that is replaced shows that, and nothing more.</summary>
/// <param name="Before">The text before; empty: there was none.</param>
/// <param name="After">The text after.</param>
public sealed record TextChange(string Before, string After)
{
    /// <summary>Whether the version before is not known any more, so that everything looks new.</summary>
    public bool IsWhole { get; init; }

    /// <summary>The change from one document to another.</summary>
    /// <param name="before">The document before; null: there was none.</param>
    /// <param name="after">The document after.</param>
    public static TextChange Of(RouterConfig? before, RouterConfig after) => new(
        before is null ? "" : ConfigurationJson.WriteYaml(StoredCredentials.Hide(before)),
        ConfigurationJson.WriteYaml(StoredCredentials.HideChange(after, before)));
}
