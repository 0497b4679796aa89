namespace AiRouter.Core.Configuration.Secrets;

/// <summary>How a secret is written in the document (R6): never itself, only where it is, or encrypted.</summary>
/// <param name="Kind">Where it is.</param>
/// <param name="Name">The environment variable, the file, or the cipher text.</param>
internal readonly record struct SecretReference(SecretKind Kind, string Name)
{
    /// <summary>What <paramref name="text"/> refers to; <see cref="SecretKind.Literal"/> when it is no reference.</summary>
    public static SecretReference Parse(string text) => text switch
    {
        _ when text.StartsWith("env:", StringComparison.Ordinal) => new(SecretKind.Environment, text[4..]),
        _ when text.StartsWith("file:", StringComparison.Ordinal) => new(SecretKind.File, text[5..]),
        _ when text.StartsWith(EncryptionKeys.Prefix, StringComparison.Ordinal) => new(SecretKind.Encrypted, text),
        "forward" => new(SecretKind.Forward, ""),
        _ => new(SecretKind.Literal, ""),
    };
}

/// <summary>Where a secret is.</summary>
internal enum SecretKind
{
    /// <summary>In the text itself.</summary>
    Literal,

    /// <summary><c>env:NAME</c>.</summary>
    Environment,

    /// <summary><c>file:PATH</c>.</summary>
    File,

    /// <summary><c>forward</c>: the client's own.</summary>
    Forward,

    /// <summary><c>enc:VERSION:…</c>: encrypted by the management API.</summary>
    Encrypted,
}
