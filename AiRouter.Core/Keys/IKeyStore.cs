namespace AiRouter.Core.Keys;

/// <summary>
/// The client keys in the store. Every change is one script: it writes the record, moves the version of all keys on, tells the
/// replicas, and notes who did what. What was revoked stays revoked (R3): its hash is remembered for ever.
/// </summary>
/// <remarks>Every method throws <see cref="Stores.StoreUnavailableException"/> when the store is away.</remarks>
public interface IKeyStore
{
    /// <summary>All records and the version that they have together; the latch too (R1).</summary>
    ValueTask<KeySnapshot> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The version of all keys together: another one means that something changed.</summary>
    ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>One record; null: there is none.</summary>
    ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a record.</summary>
    ValueTask<KeyChange> CreateAsync(KeyRecord record, CancellationToken cancellationToken);

    /// <summary>Replaces a record if it still has <paramref name="expectedVersion"/>.</summary>
    ValueTask<KeyChange> UpdateAsync(KeyRecord record, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>Removes a record, and keeps its hashes from ever working again.</summary>
    ValueTask<KeyChange> RevokeAsync(string id, Change by, CancellationToken cancellationToken);
}

/// <summary>All client keys of the store.</summary>
/// <param name="Version">Of all together.</param>
/// <param name="Records">Each.</param>
/// <param name="Revoked">Hashes that must never work again, also where the configuration declares them.</param>
/// <param name="AnyHasExisted">What closes <c>authentication: auto</c> for good (R1).</param>
public sealed record KeySnapshot(
    long Version, IReadOnlyList<KeyRecord> Records, IReadOnlyList<string> Revoked, bool AnyHasExisted);

/// <summary>How a change of a key ended.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Record">The record as it is now, where there is one.</param>
public sealed record KeyChange(KeyChangeOutcome Outcome, KeyRecord? Record);

/// <summary>How a change of a key ended.</summary>
public enum KeyChangeOutcome
{
    /// <summary>Done.</summary>
    Done,

    /// <summary>There is no such record.</summary>
    NotFound,

    /// <summary>Somebody else changed it meanwhile.</summary>
    Conflict,

    /// <summary>Another record has the name.</summary>
    NameTaken,

    /// <summary>The hash belongs to another record, or was revoked.</summary>
    HashTaken,
}
