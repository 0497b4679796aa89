using System.Security.Cryptography;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Core.Configuration.Loading;

/// <summary>
/// The content of the file and of every secret, certificate and asset that it refers to. Files are compared by content, because
/// neither times nor events can be trusted on mounted volumes (R42).
/// </summary>
internal sealed record ContentFingerprint(string Hash, bool IsFileThere, IReadOnlyList<string> Secrets, IReadOnlyList<string> Files)
{
    public static ContentFingerprint Empty { get; } = new("", false, [], []);

    /// <summary>The fingerprint of a document's bytes and of what it refers to, which is remembered.</summary>
    public static ContentFingerprint Of(
        byte[]? document, RouterConfig? config, AssetLoad? assets, RouterConfigurationSource source)
    {
        var backends = config?.Backends.Values.ToArray() ?? [];
        var secrets = backends.SelectMany(b => b.Headers.Values.Append(b.ApiKey)).OfType<string>()
            .Where(r => SecretReference.Parse(r).Kind == SecretKind.File).Distinct(StringComparer.Ordinal);
        var files = backends.SelectMany(b => new[] { b.Tls?.CaFile, b.Tls?.CertificateFile, b.Tls?.KeyFile })
            .OfType<string>().Distinct(StringComparer.Ordinal);
        return new ContentFingerprint("", false, [.. secrets], [.. files.Concat(assets?.Files ?? []).Distinct(StringComparer.Ordinal)])
            .Read(document, source, assets);
    }

    /// <summary>The fingerprint of what is there now, of the same references.</summary>
    /// <param name="document">The document.</param>
    /// <param name="source">Where secrets are.</param>
    /// <param name="read">Files that have been read already: they count as they were then, so that no later change is missed.</param>
    public ContentFingerprint Read(byte[]? document, RouterConfigurationSource source, AssetLoad? read = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, HashOf(document));
        var reader = new SecretReader(source);
        foreach (var secret in Secrets)
        {
            Append(hash, HashOf(reader.ReadBytes(SecretReference.Parse(secret))));
        }

        foreach (var file in Files)
        {
            Append(hash, read?.WasAsked(file) is true ? read.HashOf(file) : ConfigurationFile.TryHash(file));
        }

        return this with { Hash = Convert.ToHexStringLower(hash.GetHashAndReset()), IsFileThere = document is not null };
    }

    // Each part by its own hash, so that no two splits of the same bytes look alike; "missing" is not "empty".
    private static void Append(IncrementalHash hash, byte[]? part)
    {
        hash.AppendData([(byte)(part is null ? 0 : 1)]);
        hash.AppendData(part ?? []);
    }

    private static byte[]? HashOf(byte[]? content) => content is null ? null : SHA256.HashData(content);
}
