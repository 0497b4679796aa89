using System.Security.Cryptography;

namespace AiRouter.Core.Playground;

/// <summary>What playground tokens are signed with.</summary>
/// <param name="Id">Names it in tokens.</param>
/// <param name="Bytes">The secret; empty: it is encrypted under a key that is not this process's.</param>
internal sealed record PlaygroundSecret(string Id, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>How long an id is.</summary>
    public const int IdLength = 8;

    /// <summary>How many bytes sign.</summary>
    public const int Length = 32;

    private const string Digits = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>Whether it can sign and check.</summary>
    public bool IsReadable => !Bytes.IsEmpty;

    /// <summary>A new one.</summary>
    public static PlaygroundSecret Create() =>
        new(RandomNumberGenerator.GetString(Digits, IdLength), RandomNumberGenerator.GetBytes(Length));

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"playground secret {Id}";
}
