namespace AiRouter.Core.Keys;

/// <summary>
/// Merges the keys of the configuration and those of the store into what requests are checked against. A revoked hash is dead
/// whoever declares it (R3); where both know a hash, the store's record counts, because it can be revoked at once.
/// </summary>
internal sealed class KeyTable
{
    private readonly Dictionary<UInt128, KeyEntry> _entries = [];
    private readonly IReadOnlyDictionary<string, DateTimeOffset> _revoked;

    // Made again only where the record has changed: with 10,000 keys that is most of the work of a change.
    private readonly Dictionary<KeyRecord, ClientKey> _made;

    /// <summary>Begins with what is dead.</summary>
    /// <param name="revoked">Hashes and from when on they do not work.</param>
    /// <param name="before">The table of before, whose keys are taken over where their records are the same objects.</param>
    public KeyTable(IReadOnlyDictionary<string, DateTimeOffset> revoked, KeyTable? before)
    {
        _revoked = revoked;
        Before = before?._made ?? [];
        _made = new Dictionary<KeyRecord, ClientKey>(ReferenceEqualityComparer.Instance);
        foreach (var (hash, from) in revoked)
        {
            if (TryRead(hash) is { } bytes)
            {
                _entries[ClientKeys.First128(bytes)] = new KeyEntry(bytes, null, from);
            }
        }
    }

    private Dictionary<KeyRecord, ClientKey> Before { get; set; }

    /// <summary>Adds the store's records.</summary>
    /// <param name="records">Each.</param>
    /// <param name="until">When they stop working all together; null: never.</param>
    public void Add(IEnumerable<KeyRecord> records, DateTimeOffset? until = null)
    {
        foreach (var record in records)
        {
            if (TryRead(record.Hash) is not { } hash)
            {
                continue;
            }

            var key = Before.GetValueOrDefault(record) ?? ClientKey.From(record, hash);
            _made[record] = key;
            Add(hash, record.Hash, key, until, KeyStanding.Unverified);
            if (record.PreviousHash is { } previous && TryRead(previous) is { } old)
            {
                Add(old, previous, key, record.PreviousUntil ?? DateTimeOffset.UnixEpoch, KeyStanding.Replaced, until);
            }
        }
    }

    /// <summary>Adds the configuration's keys; returns the names of those that the store has too.</summary>
    public IReadOnlyList<string> Add(ClientKeys declared)
    {
        var shadowed = new List<string>();
        foreach (var key in declared.All)
        {
            if (!Add(key.Hash, "sha256:" + Convert.ToHexStringLower(key.Hash.Span), key, null, KeyStanding.Revoked))
            {
                shadowed.Add(key.Name);
            }
        }

        return shadowed;
    }

    /// <summary>What requests are checked against.</summary>
    public ClientKeys ToClientKeys(bool isStoreTrusted)
    {
        Before = [];
        return new ClientKeys(_entries.Values, isStoreTrusted);
    }

    private bool Add(
        ReadOnlyMemory<byte> hash, string text, ClientKey key, DateTimeOffset? until, KeyStanding ends, DateTimeOffset? last = null)
    {
        var place = ClientKeys.First128(hash.Span);
        if (_entries.TryGetValue(place, out var there) && there.Key is not null)
        {
            return false;
        }

        if (last < until)
        {
            (until, ends) = (last, KeyStanding.Unverified);
        }

        // The secret before a rotation is among the revoked from the start, with the moment at which it ends.
        if (_revoked.TryGetValue(text, out var from) && !(until <= from))
        {
            (until, ends) = (from, ends == KeyStanding.Replaced ? ends : KeyStanding.Revoked);
        }

        _entries[place] = new KeyEntry(hash, key, until, ends);
        return true;
    }

    private static byte[]? TryRead(string hash)
    {
        var bytes = new byte[32];
        return hash.StartsWith("sha256:", StringComparison.Ordinal) && hash.Length == 71 &&
            Convert.FromHexString(hash.AsSpan(7), bytes, out _, out var written) == System.Buffers.OperationStatus.Done && written == 32
            ? bytes
            : null;
    }
}
