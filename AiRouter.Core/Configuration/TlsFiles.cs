using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Core.Configuration;

/// <summary>What a backend's TLS files mean for its connections.</summary>
public static class TlsFiles
{
    /// <summary>Lays them over the options of a connection; reads the files, and throws what reading them throws.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be.</exception>
    public static void Apply(TlsConfig? tls, SslClientAuthenticationOptions options)
    {
        if (tls?.CaFile is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(authorities);
            options.CertificateChainPolicy = policy;
        }

        if (tls?.CertificateFile is { } certificate)
        {
            options.ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate, tls.KeyFile ?? certificate)];
        }
    }
}
