using System.Buffers.Text;
using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// The keys under which credentials of backends lie in the store (<c>AIROUTER_ENCRYPTION_KEY</c>): AES-256-GCM, several by version,
/// so that one can be replaced while the other is still needed. A cipher text is bound to its place (<see cref="SecretPlace"/>):
/// moved to another backend or host it is worth nothing.
/// </summary>
public sealed class EncryptionKeys
{
    /// <summary>The variable that holds them, of Admin and of every router.</summary>
    public const string Variable = "AIROUTER_ENCRYPTION_KEY";

    /// <summary>What every cipher text begins with; the key's version and a colon follow.</summary>
    internal const string Prefix = "enc:";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly FrozenDictionary<string, byte[]> _byVersion;

    private EncryptionKeys(string newest, Dictionary<string, byte[]> byVersion)
    {
        Newest = newest;
        _byVersion = byVersion.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The version that encrypts.</summary>
    public string Newest { get; }

    /// <summary>Reads the variable's value: <c>BASE64</c> (version 1), or <c>v2:BASE64,v1:BASE64</c>, of which the first encrypts.</summary>
    /// <param name="text">The value; null or empty: there are no keys.</param>
    /// <returns>The keys, or what is wrong (without any of the value in it); neither when there are none.</returns>
    public static (EncryptionKeys? Keys, string? Problem) Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return (null, null);
        }

        var byVersion = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        string? newest = null;
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var colon = part.IndexOf(':');
            var version = colon < 0 ? "v1" : part[..colon];
            if (!IsVersion(version) || FromBase64(part[(colon + 1)..]) is not { Length: KeyBytes } key || !byVersion.TryAdd(version, key))
            {
                return (null, $"{Variable} must be {KeyBytes} random bytes as base64 (openssl rand -base64 {KeyBytes} makes them), or " +
                    "several of them by version, the one that encrypts first: v2:BASE64,v1:BASE64");
            }

            newest ??= version;
        }

        return (new EncryptionKeys(newest!, byVersion), null);
    }

    /// <summary>Encrypts a secret for one place, under the newest key.</summary>
    public string Encrypt(string secret, SecretPlace place)
    {
        var plain = StrictUtf8.GetBytes(secret);
        var sealedBytes = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_byVersion[Newest], TagBytes);
        aes.Encrypt(
            nonce,
            plain,
            sealedBytes.AsSpan(NonceBytes + TagBytes),
            sealedBytes.AsSpan(NonceBytes, TagBytes),
            place.Bytes(Newest));
        CryptographicOperations.ZeroMemory(plain);
        return $"{Prefix}{Newest}:{Base64Url.EncodeToString(sealedBytes)}";
    }

    /// <summary>The secret, or why it cannot be read.</summary>
    public (string? Secret, string? Problem) Decrypt(string cipherText, SecretPlace place)
    {
        var version = VersionOf(cipherText);
        if (version is null || FromBase64(cipherText[(Prefix.Length + version.Length + 1)..]) is not { Length: > NonceBytes + TagBytes } bytes)
        {
            return (null, "is no credential that AiRouter encrypted: give the credential anew");
        }

        if (!_byVersion.TryGetValue(version, out var key))
        {
            var known = string.Join(", ", _byVersion.Keys.Order(StringComparer.Ordinal));
            return (null, $"was encrypted under version {version} of {Variable}, which is not among its keys ({known})");
        }

        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(
                bytes.AsSpan(0, NonceBytes),
                bytes.AsSpan(NonceBytes + TagBytes),
                bytes.AsSpan(NonceBytes, TagBytes),
                plain,
                place.Bytes(version));
            return (StrictUtf8.GetString(plain), null);
        }
        catch (AuthenticationTagMismatchException)
        {
            return (null, $"cannot be decrypted: it was encrypted for another backend or host, or under another {Variable} of version " +
                $"{version}; give the credential anew");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Whether a cipher text is under another key than the newest.</summary>
    public bool IsOld(string cipherText) => VersionOf(cipherText) != Newest;

    private static string? VersionOf(string cipherText)
    {
        if (!cipherText.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var end = cipherText.IndexOf(':', Prefix.Length);
        return end < 0 ? null : cipherText[Prefix.Length..end];
    }

    private static bool IsVersion(string text) =>
        text.Length is > 1 and < 10 && text[0] == 'v' && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // Both alphabets are in use, with and without padding.
    private static byte[]? FromBase64(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text.TrimEnd('=').Replace('+', '-').Replace('/', '_'));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
