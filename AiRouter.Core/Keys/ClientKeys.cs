using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Core.Keys;

/// <summary>All client keys of a moment, found by the SHA-256 of what the client sent; immutable.</summary>
public sealed class ClientKeys
{
    /// <summary>What every secret made by AiRouter begins with.</summary>
    public const string Prefix = "sk-air-";

    private readonly FrozenDictionary<UInt128, KeyEntry> _byHash;

    /// <summary>These keys, each with its one secret.</summary>
    public ClientKeys(IEnumerable<ClientKey> keys)
        : this(keys.Select(k => new KeyEntry(k.Hash, k)), isStoreTrusted: true)
    {
    }

    /// <summary>These secrets, also those that do not work any more.</summary>
    /// <param name="entries">Each with a hash of its own.</param>
    /// <param name="isStoreTrusted">Whether keys of the store work: what is known of them is not too old.</param>
    internal ClientKeys(IEnumerable<KeyEntry> entries, bool isStoreTrusted)
    {
        _byHash = entries.ToFrozenDictionary(e => First128(e.Hash.Span));
        IsStoreTrusted = isStoreTrusted;
        All = [.. _byHash.Values.Select(e => e.Key).OfType<ClientKey>().Distinct()];
    }

    /// <summary>The keys, whether they work or not.</summary>
    public IReadOnlyList<ClientKey> All { get; }

    /// <summary>How many there are.</summary>
    public int Count => All.Count;

    /// <summary>Whether keys of the store work; keys of the configuration always do.</summary>
    public bool IsStoreTrusted { get; }

    /// <summary>
    /// The key with this secret, and whether it works at the moment <paramref name="now"/>. The whole hash is compared in constant
    /// time: what a probe of the table can tell is about the hash of a guess, never about a secret.
    /// </summary>
    public KeyMatch Match(ReadOnlySpan<char> secret, DateTimeOffset now) => Find(secret) is { } entry ? MatchOf(entry, now) : default;

    /// <summary>
    /// The key with this id, and whether any of its secrets works at the moment <paramref name="now"/>: for who may act for a key
    /// without having its secret. It looks through all keys.
    /// </summary>
    public KeyMatch MatchId(string id, DateTimeOffset now)
    {
        var best = default(KeyMatch);
        foreach (var entry in _byHash.Values)
        {
            if (entry.Key?.Id == id && MatchOf(entry, now) is var match && (best.Key is null || match.Good is not null))
            {
                best = match;
            }
        }

        return best;
    }

    /// <summary>Whether a token is, was or looks like one of ours, and so must never leave the router (R2).</summary>
    public bool IsOurs(ReadOnlySpan<char> token) =>
        token.StartsWith(Prefix, StringComparison.Ordinal) || (!token.IsEmpty && Find(token) is not null);

    /// <summary>The part of a hash that the table goes by.</summary>
    internal static UInt128 First128(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadUInt128BigEndian(hash);

    private KeyMatch MatchOf(KeyEntry entry, DateTimeOffset now) =>
        entry.Key is null || now >= entry.Until ? new KeyMatch(entry.Key, entry.Ends)
        : entry.Key.IsStored && !IsStoreTrusted ? new KeyMatch(entry.Key, KeyStanding.Unverified)
        : entry.Key.Disabled ? new KeyMatch(entry.Key, KeyStanding.Disabled)
        : now >= entry.Key.Expires ? new KeyMatch(entry.Key, KeyStanding.Expired)
        : new KeyMatch(entry.Key, KeyStanding.Good);

    private KeyEntry? Find(ReadOnlySpan<char> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashOf(secret, hash);
        return _byHash.TryGetValue(First128(hash), out var entry) && CryptographicOperations.FixedTimeEquals(hash, entry.Hash.Span)
            ? entry
            : null;
    }

    private static void HashOf(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        var length = Encoding.UTF8.GetByteCount(secret);
        var utf8 = length <= 512 ? stackalloc byte[512] : new byte[length];
        Encoding.UTF8.GetBytes(secret, utf8);
        SHA256.HashData(utf8[..length], hash);
    }
}
