using System.Text;

namespace AiRouter.Core.Configuration.Secrets;

/// <summary>
/// Reads the secrets that a document refers to (R6). Whoever may edit the document must not be able to send any other
/// variable or file of this process to a backend: names are restricted, files are looked for in one folder only.
/// </summary>
internal sealed class SecretReader(RouterConfigurationSource source)
{
    private const string NamePrefix = "AIROUTER_SECRET_";
    private const int MaxBytes = 64 * 1024;

    // Mounted by Kubernetes below the default folder; it is a credential for the cluster, never one for a backend.
    private const string ServiceAccount = "kubernetes.io";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The secret, or what is wrong with the reference (never with the secret in it).</summary>
    /// <param name="reference">What the document says.</param>
    /// <param name="place">Where it says so: an encrypted secret is for one place only.</param>
    public (string? Secret, string? Problem) Read(SecretReference reference, SecretPlace place) => reference.Kind switch
    {
        SecretKind.Environment => ReadVariable(reference.Name),
        SecretKind.File => ReadFile(reference.Name),
        SecretKind.Encrypted => Decrypt(reference.Name, place),
        _ => (null, "is no reference to a secret"),
    };

    /// <summary>The bytes of a referenced file, for telling whether it changed; null when it cannot be read.</summary>
    public byte[]? ReadBytes(SecretReference reference)
    {
        try
        {
            return Locate(reference.Name) is { Path: { } path } ? ReadBounded(path) : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private (string?, string?) ReadVariable(string name)
    {
        if (!name.StartsWith(NamePrefix, StringComparison.Ordinal) && !source.AllowedSecretNames.Contains(name))
        {
            return (null, $"the environment variable {name} may not be read: its name must begin with {NamePrefix}, " +
                "or be listed in AIROUTER_SECRET_ENV_ALLOW when the router starts");
        }

        if (!source.ReadsReferences)
        {
            return (null, null);
        }

        return source.Environment.TryGetValue(name, out var value) && value.Length > 0
            ? Check(value, $"the environment variable {name}")
            : (null, $"the environment variable {name} is not set");
    }

    private (string?, string?) ReadFile(string name)
    {
        if (!source.ReadsReferences)
        {
            return (null, name.Length == 0 ? "file: needs a path" : null);
        }

        try
        {
            var (path, problem) = Locate(name);
            if (path is null)
            {
                return (null, problem);
            }

            return ReadBounded(path) is { } bytes
                ? Check(StrictUtf8.GetString(bytes), $"the file {name}")
                : (null, $"the file {name} is larger than {MaxBytes / 1024} KiB");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return (null, $"there is no file {name}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return (null, $"the file {name} cannot be read");
        }
        catch (DecoderFallbackException)
        {
            return (null, $"the file {name} is not UTF-8 text");
        }
    }

    private (string?, string?) Decrypt(string cipherText, SecretPlace place)
    {
        var (keys, problem) = EncryptionKeys.Parse(source.Environment.GetValueOrDefault(EncryptionKeys.Variable));
        if (keys is null)
        {
            return (null, problem ?? $"is encrypted, and {EncryptionKeys.Variable} is not set: routers and Admin need the same one");
        }

        var (secret, failure) = keys.Decrypt(cipherText, place);
        return secret is null ? (null, failure) : Check(secret, "the encrypted credential");
    }

    private (string? Path, string? Problem) Locate(string name)
    {
        if (name.Length == 0 || name.Contains('\0'))
        {
            return (null, "file: needs a path");
        }

        var folder = RealPath.Of(source.SecretsFolder);
        var path = RealPath.Of(Path.Combine(source.SecretsFolder, name));
        var inside = Path.GetRelativePath(folder, path);
        if (Path.IsPathRooted(inside) || inside is "." or ".." ||
            inside.StartsWith($"..{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        {
            return (null, $"the file {name} is not inside the secrets folder {source.SecretsFolder} (AIROUTER_SECRETS_DIR)");
        }

        return inside.StartsWith(ServiceAccount + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? (null, $"the file {name} is a credential for Kubernetes, not for a backend")
            : (path, null);
    }

    private static byte[]? ReadBounded(string path)
    {
        using var file = File.OpenRead(path);
        var bytes = new byte[MaxBytes + 1];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return count > MaxBytes ? null : bytes[..count];
    }

    // Secrets are sent in headers: a line break inside one would make two headers of it.
    internal static (string? Secret, string? Problem) Check(string value, string what)
    {
        var secret = value.TrimEnd('\r', '\n');
        return secret switch
        {
            "" => (null, $"{what} is empty"),
            _ when secret.Any(c => c is < ' ' or > '~') =>
                (null, $"{what} has characters in it that no header can carry (line breaks, letters with accents)"),
            _ => (secret, null),
        };
    }
}
