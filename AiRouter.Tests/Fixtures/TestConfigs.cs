using System.Security.Cryptography;
using System.Text;
using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Fixtures;

/// <summary>Pieces of configurations.</summary>
internal static class TestConfigs
{
    /// <summary>A client key with this secret.</summary>
    public static KeyConfig Key(string name, string secret) => new() { Name = name, Hash = HashOf(secret) };

    /// <summary>The hash of a secret, as the configuration has it.</summary>
    public static string HashOf(string secret) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
