namespace AiRouter.Core.Keys;

/// <summary>
/// The client keys in the store. Every change is one script: it writes the record, moves the version of all keys on, tells the
/// replicas, and notes who did what. What was revoked stays revoked (R3): its hash is remembered for ever.
/// </summary>
/// <remarks>
/// Every method throws <see cref="Stores.StoreUnavailableException"/> when the store is away; a change may then have been made or not.
/// </remarks>
public interface IKeyStore
{
    /// <summary>All records and the version that they have together; the latch too (R1).</summary>
    /// <param name="known">What was read before: then only what has changed since crosses the network.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<KeySnapshot> ReadAsync(KeySnapshot? known, CancellationToken cancellationToken);

    /// <summary>The version of all keys together: another one means that something changed.</summary>
    ValueTask<long> ReadVersionAsync(CancellationToken cancellationToken);

    /// <summary>One record; null: there is none.</summary>
    ValueTask<KeyRecord?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Adds a record: its version becomes 1. <see cref="KeyRecord.Updated"/> says who does it.</summary>
    ValueTask<KeyChange> CreateAsync(KeyRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces a record if it still has <paramref name="expectedVersion"/>. Its secrets (hash, prefix, previous hash) and when it was
    /// made stay as they are stored, whatever the new record says: no edit brings an old secret back.
    /// </summary>
    ValueTask<KeyChange> UpdateAsync(KeyRecord record, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>
    /// Gives a record another secret. The one of before works for <see cref="KeyRotation.Overlap"/> more; the one before that ends at once.
    /// </summary>
    ValueTask<KeyChange> RotateAsync(string id, KeyRotation rotation, CancellationToken cancellationToken);

    /// <summary>Removes a record, and keeps its hashes from ever working again.</summary>
    ValueTask<KeyChange> RevokeAsync(string id, Change by, CancellationToken cancellationToken);

    /// <summary>
    /// Keeps hashes from ever working again, whoever declares them: the secret before a rotation while it still works, or a key of the
    /// configuration.
    /// </summary>
    /// <param name="hashes">As <see cref="KeyRecord.Hash"/>.</param>
    /// <param name="by">Who does it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask RevokeHashesAsync(IReadOnlyCollection<string> hashes, Change by, CancellationToken cancellationToken);

    /// <summary>The last changes, newest first; at most 1000 are kept.</summary>
    ValueTask<IReadOnlyList<KeyAudit>> AuditAsync(int count, CancellationToken cancellationToken);
}

/// <summary>Another secret for a key.</summary>
/// <param name="Hash">Its hash (<see cref="ClientKeySecret.HashOf"/>).</param>
/// <param name="Prefix">How it begins (<see cref="ClientKeySecret.PrefixOf"/>).</param>
/// <param name="Overlap">How long the secret of before works too; zero: not at all.</param>
/// <param name="By">Who does it, and when.</param>
/// <param name="ExpectedVersion">The version that the record must have; null: any.</param>
public sealed record KeyRotation(string Hash, string Prefix, TimeSpan Overlap, Change By, long? ExpectedVersion = null)
{
    /// <summary>How long both secrets work when nobody says.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);
}

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
