using System.Text.Json.Serialization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Configuration;

/// <summary>The stored document, read.</summary>
/// <param name="Version">Its version.</param>
/// <param name="Config">As it is stored: never to be shown as it is.</param>
internal sealed record CurrentConfiguration(long Version, RouterConfig Config);

/// <summary>What a write came to.</summary>
/// <param name="Version">The version that holds now.</param>
/// <param name="IsChanged">False: the document was as asked already, and there is no new version.</param>
internal sealed record ConfigurationSaved(long Version, bool IsChanged)
{
    /// <summary>What changed, credentials left out.</summary>
    public IReadOnlyList<ConfigurationDifference> Differences { get; init; } = [];

    /// <summary>What could not be checked here.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The document as it is stored now: never to be shown as it is.</summary>
    [JsonIgnore]
    public RouterConfig? Config { get; init; }
}

/// <summary>What a check of a document came to. A document with problems is answered with 400 instead.</summary>
/// <param name="Differences">What would change, credentials left out.</param>
/// <param name="Warnings">What could not be checked here.</param>
internal sealed record ConfigurationValid(IReadOnlyList<ConfigurationDifference> Differences, IReadOnlyList<string> Warnings);

/// <summary>One entry of the history.</summary>
/// <param name="Version">The version that the change made.</param>
/// <param name="At">When.</param>
/// <param name="By">The admin key's name, or what did it by itself (<c>seed</c>, <c>gitops</c>).</param>
/// <param name="Comment">Why, if somebody said so.</param>
/// <param name="Differences">What changed, credentials left out.</param>
public sealed record HistoryEntry(
    long Version, DateTimeOffset At, string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences);

/// <summary>Which version is to be restored.</summary>
internal sealed record RollbackRequest
{
    /// <summary>A version of the history.</summary>
    public required int Version { get; init; }

    /// <summary>Why; for the history.</summary>
    public string? Comment { get; init; }
}
