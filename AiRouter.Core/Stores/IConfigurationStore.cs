namespace AiRouter.Core.Stores;

/// <summary>The configuration document in the store: versions, history, and changes that do not overwrite each other.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store is away.</remarks>
public interface IConfigurationStore
{
    /// <summary>The current document; null: there has never been one.</summary>
    ValueTask<StoredConfiguration?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The current version; 0: there has never been a document.</summary>
    ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Saves a document that was validated, if the current version is still <paramref name="expectedVersion"/> (0: the first).</summary>
    ValueTask<SaveOutcome> SaveAsync(ConfigurationSave save, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>The last changes, newest first, at most 100.</summary>
    ValueTask<IReadOnlyList<ConfigurationChange>> HistoryAsync(CancellationToken cancellationToken);

    /// <summary>An earlier document; null: it is not among the last 100.</summary>
    ValueTask<StoredConfiguration?> ReadVersionAsync(long version, CancellationToken cancellationToken);
}

/// <summary>A document and what is known of it.</summary>
/// <param name="Version">1 for the first, growing by one.</param>
/// <param name="Json">The document.</param>
/// <param name="At">When it was saved.</param>
/// <param name="By">By whom.</param>
public sealed record StoredConfiguration(long Version, string Json, DateTimeOffset At, string By);

/// <summary>A document to be saved.</summary>
/// <param name="Json">The document.</param>
/// <param name="By">Who saves it.</param>
/// <param name="Comment">Why, in the words of whoever saves it.</param>
/// <param name="Differences">What changes, secrets left out.</param>
public sealed record ConfigurationSave(string Json, string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences);

/// <summary>One value that changed.</summary>
/// <param name="Path">Where, as in <c>models.llama.targets[0].weight</c>.</param>
/// <param name="Before">JSON; null: it was not there.</param>
/// <param name="After">JSON; null: it is gone.</param>
public sealed record ConfigurationDifference(string Path, string? Before, string? After);

/// <summary>One entry of the history.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="At">When.</param>
/// <param name="By">Who.</param>
/// <param name="Comment">Why.</param>
/// <param name="Differences">What changed.</param>
public sealed record ConfigurationChange(
    long Version, DateTimeOffset At, string By, string? Comment, IReadOnlyList<ConfigurationDifference> Differences);

/// <summary>How a save ended.</summary>
/// <param name="IsSaved">Whether it was saved.</param>
/// <param name="Version">The current version: the new one, or the one that stood in the way.</param>
public readonly record struct SaveOutcome(bool IsSaved, long Version);
