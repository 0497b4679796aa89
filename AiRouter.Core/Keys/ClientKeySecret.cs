using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AiRouter.Core.Keys;

/// <summary>Makes the secrets of client keys, and the hashes by which the configuration and the store know them.</summary>
public static class ClientKeySecret
{
    /// <summary>A new secret: <see cref="ClientKeys.Prefix"/> and 256 random bits as base64url.</summary>
    public static string Create() => ClientKeys.Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>How a secret begins: enough to recognise it by, far too little to guess it.</summary>
    public static string PrefixOf(string secret) => secret[..Math.Min(secret.Length / 3, ClientKeys.Prefix.Length + 5)];

    /// <summary>A new <see cref="KeyRecord.Id"/>: <c>key_</c> and 16 random base32 digits.</summary>
    public static string CreateId() => "key_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 16);

    /// <summary>The hash of a secret as <see cref="Configuration.KeyConfig.Hash"/> has it.</summary>
    public static string HashOf(string secret) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
