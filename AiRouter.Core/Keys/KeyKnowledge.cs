namespace AiRouter.Core.Keys;

/// <summary>
/// What a router knows of the store's keys, and how that grows with each look: revocations are never forgotten, and a store that was
/// emptied takes no keys away (R36). Immutable.
/// </summary>
/// <param name="Store">The store's keys as last read; null: never.</param>
/// <param name="SeenAt">When that was last known to be true.</param>
/// <param name="Revoked">Every hash that any look has found revoked, with the earliest moment.</param>
/// <param name="Lost">The keys of a store that was emptied, and has got others since.</param>
/// <param name="IsEmptied">Whether the store had keys and has not now.</param>
internal sealed record KeyKnowledge(
    KeySnapshot? Store, DateTimeOffset SeenAt, IReadOnlyDictionary<string, DateTimeOffset> Revoked, LostKeys? Lost, bool IsEmptied)
{
    public static KeyKnowledge Nothing { get; } = new(null, default, KeySnapshot.Empty.Revoked, null, false);

    /// <summary>Whether there is or ever was a key in the store.</summary>
    public bool AnyHasExisted => Store is { AnyHasExisted: true } || Lost is not null;

    /// <summary>What to keep on disk; null: nothing.</summary>
    public KeySnapshot? Copy => Store is null ? null : Store with { Revoked = Revoked, Lost = Lost };

    /// <summary>
    /// What the disk has kept; a store that has been seen already was seen after it. A clock that was ahead makes no copy younger.
    /// </summary>
    public KeyKnowledge Restore(KeySnapshot copy, DateTimeOffset seenAt, DateTimeOffset now)
    {
        var restored = new KeyKnowledge(copy, seenAt < now ? seenAt : now, Union(Revoked, copy.Revoked), copy.Lost, false);
        return Store is { } seen ? restored.See(seen, SeenAt) : restored;
    }

    /// <summary>What the store says now.</summary>
    public KeyKnowledge See(KeySnapshot read, DateTimeOffset now)
    {
        if (Store is not { AnyHasExisted: true } known)
        {
            return this with { Store = read, SeenAt = now, Revoked = Union(Revoked, read.Revoked) };
        }

        if (ReferenceEquals(read, known))
        {
            return this with { SeenAt = now, IsEmptied = false };
        }

        if (!read.AnyHasExisted)
        {
            // SeenAt stays: what is known grows old, as it does while the store is away.
            return this with { IsEmptied = true };
        }

        return this with
        {
            Store = read,
            SeenAt = now,
            Revoked = Union(Revoked, read.Revoked),
            Lost = read.Latch == known.Latch ? Lost : new LostKeys(known.Records, SeenAt),
            IsEmptied = false,
        };
    }

    /// <summary>Hashes that were revoked and that the store does not know (any more): a failover or an older backup lost them.</summary>
    public IReadOnlyList<string> Forgotten(DateTimeOffset now) => Store is { AnyHasExisted: true } store && !IsEmptied
        ? [.. Revoked.Where(r => r.Value <= now && !store.Revoked.ContainsKey(r.Key)).Select(r => r.Key)]
        : [];

    private static IReadOnlyDictionary<string, DateTimeOffset> Union(
        IReadOnlyDictionary<string, DateTimeOffset> known, IReadOnlyDictionary<string, DateTimeOffset> read)
    {
        if (known.Count == 0)
        {
            return read;
        }

        var all = new Dictionary<string, DateTimeOffset>(read, StringComparer.Ordinal);
        foreach (var (hash, from) in known)
        {
            all[hash] = all.TryGetValue(hash, out var other) && other < from ? other : from;
        }

        return all;
    }
}
