using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Core.Keys;

/// <summary>All client keys of a configuration, found by the SHA-256 of what the client sent.</summary>
public sealed class ClientKeys(IEnumerable<ClientKey> keys)
{
    /// <summary>What every secret made by AiRouter begins with.</summary>
    public const string Prefix = "sk-air-";

    private readonly FrozenDictionary<UInt128, ClientKey> _byHash = keys.ToFrozenDictionary(k => First128(k.Hash.Span));

    /// <summary>How many there are.</summary>
    public int Count => _byHash.Count;

    /// <summary>
    /// The key with this secret, or null. The whole hash is compared in constant time: what a probe of the table can tell
    /// is about the hash of a guess, never about a secret.
    /// </summary>
    public ClientKey? Find(ReadOnlySpan<char> secret)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HashOf(secret, hash);
        return _byHash.TryGetValue(First128(hash), out var key) && CryptographicOperations.FixedTimeEquals(hash, key.Hash.Span)
            ? key
            : null;
    }

    /// <summary>Whether a token is (or looks like) one of ours, and so must never leave the router (R2).</summary>
    public bool IsOurs(ReadOnlySpan<char> token) =>
        token.StartsWith(Prefix, StringComparison.Ordinal) || (!token.IsEmpty && Find(token) is not null);

    private static void HashOf(ReadOnlySpan<char> secret, Span<byte> hash)
    {
        var length = Encoding.UTF8.GetByteCount(secret);
        var utf8 = length <= 512 ? stackalloc byte[512] : new byte[length];
        Encoding.UTF8.GetBytes(secret, utf8);
        SHA256.HashData(utf8[..length], hash);
    }

    private static UInt128 First128(ReadOnlySpan<byte> hash) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);
}
