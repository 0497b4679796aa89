using System.Collections.Immutable;
using System.Security.Cryptography;
using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Configuration.Reading;
using AiRouter.Core.Configuration.Secrets;
using AiRouter.Core.Configuration.Writing;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>
/// Checks backends and reads their secrets. A backend in which nothing changed stays the same object over a reload: what
/// hangs on it (connections, health) stays too.
/// </summary>
internal sealed class BackendModelBuilder(RouterConfigurationSource source, RouterModel? previous, ProblemList problems)
{
    private readonly SecretReader _secrets = new(source);

    public BackendModel Build(string name, BackendConfig config, ConfigPath path)
    {
        if (name.Length is 0 or > 128 || name.Any(c => char.IsControl(c) || c == '*') || name != name.Trim())
        {
            problems.Add(path, "a name has 1 to 128 characters, no *, no control character and no space at its ends");
        }

        BackendValidation.Check(config, path, source.ReadsReferences, problems);
        var model = new BackendModel(name, config, Credential(name, config, path["apiKey"]), Headers(name, config, path["headers"]))
        {
            TlsVersion = source.ReadsReferences ? TlsVersion(config.Tls) : null,
        };
        return previous?.Backends.GetValueOrDefault(name) is { } old && AreEqual(old, model) ? old : model;
    }

    private BackendCredential Credential(string name, BackendConfig config, ConfigPath path)
    {
        var reference = config.ApiKey is null ? default : SecretReference.Parse(config.ApiKey);
        return reference.Kind switch
        {
            SecretKind.Forward => new BackendCredential(CredentialKind.Forward, null),
            SecretKind.Literal => new BackendCredential(CredentialKind.None, null),
            _ => new BackendCredential(CredentialKind.Own, Read(reference, SecretPlace.OfApiKey(name, config), path)),
        };
    }

    private ImmutableArray<KeyValuePair<string, string>> Headers(string name, BackendConfig config, ConfigPath path) =>
    [
        .. config.Headers.Where(h => h.Value is not null).OrderBy(h => h.Key, StringComparer.OrdinalIgnoreCase)
            .Select(h => KeyValuePair.Create(h.Key, SecretReference.Parse(h.Value) switch
            {
                { Kind: SecretKind.Environment or SecretKind.File or SecretKind.Encrypted } reference =>
                    Read(reference, SecretPlace.OfHeader(name, config, h.Key), path[h.Key]) ?? "",
                _ => h.Value,
            })),
    ];

    private string? Read(SecretReference reference, SecretPlace place, ConfigPath path)
    {
        var (secret, problem) = _secrets.Read(reference, place);
        if (problem is not null)
        {
            problems.Add(path, problem);
        }

        return secret;
    }

    // The certificates themselves are read by whoever connects; here it is only told apart whether they changed.
    private static string? TlsVersion(TlsConfig? tls)
    {
        if (tls is null)
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in new[] { tls.CaFile, tls.CertificateFile, tls.KeyFile })
        {
            if (file is not null)
            {
                hash.AppendData(SHA256.HashData(ConfigurationFile.TryRead(file) ?? []));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool AreEqual(BackendModel old, BackendModel now) =>
        old.Credential == now.Credential && old.TlsVersion == now.TlsVersion && old.Headers.SequenceEqual(now.Headers) &&
        DocumentWriter.ToJson(old.Config).AsSpan().SequenceEqual(DocumentWriter.ToJson(now.Config));
}
