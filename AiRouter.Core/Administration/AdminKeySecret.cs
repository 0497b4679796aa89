using System.Buffers.Text;
using System.Security.Cryptography;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Administration;

/// <summary>Makes the secrets of admin keys.</summary>
public static class AdminKeySecret
{
    /// <summary>What every secret of an admin key begins with. It begins as those of client keys do: so no backend ever gets one (R2).</summary>
    public const string Prefix = ClientKeys.Prefix + "admin-";

    /// <summary>A new secret: <see cref="Prefix"/> and 256 random bits as base64url.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>How a secret begins: enough to recognise it by, far too little to guess it.</summary>
    public static string PrefixOf(string secret) => secret[..(Prefix.Length + 5)];

    /// <summary>A new <see cref="AdminKeyRecord.Id"/>.</summary>
    public static string CreateId() => "admin_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz234567", 16);
}
