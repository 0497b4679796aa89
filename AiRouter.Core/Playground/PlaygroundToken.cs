using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Playground;

/// <summary>
/// A playground token as text: <see cref="Prefix"/>, then as base64url the id of the secret, the HMAC-SHA256 of all the rest, and the
/// grant as JSON. It begins as client keys do, so no backend ever gets one and bodies that hold one are redacted (R2); nothing in it
/// is anybody's secret, and nobody without the store's secret can make one.
/// </summary>
public static class PlaygroundToken
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = ClientKeys.Prefix + "play-";

    // The longest that Admin makes has a name and a key's id of 128 characters each in it, which JSON writes as six times as many.
    private const int LongestToken = 4096;
    private const int LongestAdmin = 128;
    private const int MacAt = PlaygroundSecret.IdLength;
    private const int GrantAt = MacAt + HMACSHA256.HashSizeInBytes;

    // No HMAC made for another purpose is one of ours.
    private static readonly byte[] Purpose = "airouter-playground-1"u8.ToArray();

    /// <summary>Whether a credential claims to be one.</summary>
    public static bool IsOne(ReadOnlySpan<char> credential) => credential.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Writes one.</summary>
    internal static string Write(PlaygroundGrant grant, PlaygroundSecret secret)
    {
        var admin = grant.Admin.Length > LongestAdmin ? grant.Admin[..LongestAdmin] : grant.Admin;
        var json = JsonSerializer.SerializeToUtf8Bytes(grant with { Admin = admin }, PlaygroundJson.Default.PlaygroundGrant);
        var token = new byte[GrantAt + json.Length];
        Encoding.ASCII.GetBytes(secret.Id, token);
        json.CopyTo(token, GrantAt);
        Sign(secret, json, token.AsSpan(MacAt, HMACSHA256.HashSizeInBytes));
        return Prefix + Base64Url.EncodeToString(token);
    }

    /// <summary>Takes one apart, without believing anything in it; null: it is none.</summary>
    internal static byte[]? Read(string token)
    {
        if (token.Length is > LongestToken || !IsOne(token))
        {
            return null;
        }

        // One text for each token: what only looks alike (padding, bits that no byte has) is none.
        var text = token.AsSpan(Prefix.Length);
        if (!Base64Url.IsValid(text, out var length) || length <= GrantAt)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        return text.SequenceEqual(Base64Url.EncodeToString(bytes)) ? bytes : null;
    }

    /// <summary>The id of the secret that one says to be signed with.</summary>
    internal static string SecretIdOf(ReadOnlySpan<byte> token) => Encoding.Latin1.GetString(token[..MacAt]);

    /// <summary>What one grants, if the secret has signed it.</summary>
    internal static PlaygroundGrant? Verify(ReadOnlySpan<byte> token, PlaygroundSecret secret)
    {
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Sign(secret, token[GrantAt..], expected);
        return CryptographicOperations.FixedTimeEquals(expected, token[MacAt..GrantAt])
            ? JsonSerializer.Deserialize(token[GrantAt..], PlaygroundJson.Default.PlaygroundGrant)
            : null;
    }

    private static void Sign(PlaygroundSecret secret, ReadOnlySpan<byte> grant, Span<byte> mac)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Bytes.Span);
        hmac.AppendData(Purpose);
        hmac.AppendData(Encoding.ASCII.GetBytes(secret.Id));
        hmac.AppendData(grant);
        hmac.GetHashAndReset(mac);
    }
}
