namespace AiRouter.Core.Stores;

/// <summary>The configuration document in the store: versions, history, and changes that do not overwrite each other.</summary>
/// <remarks>Every method throws <see cref="StoreUnavailableException"/> when the store is away.</remarks>
public interface IConfigurationStore
{
    /// <summary>The channel on which each new version is told.</summary>
    string ChangedChannel { get; }

    /// <summary>The current document; null: there has never been one, or it was lost (<see cref="ReadStateAsync"/>).</summary>
    ValueTask<StoredConfiguration?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The current version; 0: there is no document.</summary>
    ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>Everything that is known of the document now.</summary>
    /// <param name="known">What the caller has: when it is the current one still, it is not sent again.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<ConfigurationState> ReadStateAsync(StoredConfiguration? known, CancellationToken cancellationToken);

    /// <summary>Saves a document that was validated, if the current version is still <paramref name="expectedVersion"/> (0: there is none).</summary>
    ValueTask<SaveOutcome> SaveAsync(ConfigurationSave save, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>The last changes, newest first, at most 100.</summary>
    ValueTask<IReadOnlyList<ConfigurationChange>> HistoryAsync(CancellationToken cancellationToken);

    /// <summary>An earlier document; null: it is not among the last 100.</summary>
    ValueTask<StoredConfiguration?> ReadVersionAsync(long version, CancellationToken cancellationToken);

    /// <summary>Says that a file rules the document: until this was not said for 5 minutes, only that file's content can be saved.</summary>
    /// <param name="ruler">The file.</param>
    /// <param name="replica">Who says so.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>
    /// Whether <paramref name="replica"/> is the one that writes. Files of replicas differ while a change is rolled out: if each wrote
    /// its own, they would overwrite each other without an end.
    /// </returns>
    ValueTask<bool> RuleAsync(ConfigurationRuler ruler, string replica, CancellationToken cancellationToken);
}
