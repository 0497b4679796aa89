namespace AiRouter.Core.Keys;

/// <summary>All client keys of the store, as they were at one moment.</summary>
/// <param name="Version">Of all together; a later one is greater.</param>
/// <param name="Records">Each.</param>
/// <param name="Revoked">
/// Hashes that do not work from a moment on, for ever, also where the configuration declares them. The secret before a rotation is
/// among them from the start: it works until then.
/// </param>
/// <param name="Latch">
/// What the store got with its first key, and no other store has; null: it never had one. It closes <c>authentication: auto</c> for
/// good (R1), and tells a store that was emptied (R36).
/// </param>
public sealed record KeySnapshot(
    long Version, IReadOnlyList<KeyRecord> Records, IReadOnlyDictionary<string, DateTimeOffset> Revoked, string? Latch)
{
    /// <summary>A store without keys.</summary>
    public static KeySnapshot Empty { get; } = new(0, [], new Dictionary<string, DateTimeOffset>(), null);

    /// <summary>Whether there is or ever was a key.</summary>
    public bool AnyHasExisted => Latch is not null;

    /// <summary>The keys of before, where the store was emptied and has got others since (R36): a router's knowledge, not the store's.</summary>
    public LostKeys? Lost { get; init; }

    /// <summary>As JSON, for the copy on disk. It holds hashes, no secrets.</summary>
    public byte[] ToJson() => KeyJson.Write(this);

    /// <summary>What <see cref="ToJson"/> has written.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is something else.</exception>
    public static KeySnapshot FromJson(ReadOnlySpan<byte> json) => KeyJson.ReadSnapshot(json);
}

/// <summary>Keys that a store had before it was emptied.</summary>
/// <param name="Records">Each.</param>
/// <param name="SeenAt">When they were last known to be the store's: <c>store.maxStaleHours</c> count from then.</param>
public sealed record LostKeys(IReadOnlyList<KeyRecord> Records, DateTimeOffset SeenAt);
