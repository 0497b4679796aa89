using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about a backend's certificates: they are there, and they are what they should be.</summary>
internal static class TlsValidation
{
    public static void Check(BackendConfig backend, ConfigPath path, bool readsFiles, ProblemList problems)
    {
        if (backend.Tls is not { } tls)
        {
            return;
        }

        if (backend.Url is { Scheme: "http" } && !backend.Paths.Values.Any(u => u is { Scheme: "https" }))
        {
            problems.Add(path, "has no effect: the url does not begin with https://");
        }

        if (tls.CertificateFile is null != tls.KeyFile is null)
        {
            problems.Add(path, "certificateFile and keyFile belong together: one is missing");
        }

        if (!readsFiles)
        {
            return;
        }

        var areThere = Exists(tls.CaFile, path["caFile"], problems) & Exists(tls.CertificateFile, path["certificateFile"], problems) &
            Exists(tls.KeyFile, path["keyFile"], problems);
        if (areThere)
        {
            CheckContent(tls, path, problems);
        }
    }

    private static bool Exists(string? file, ConfigPath path, ProblemList problems)
    {
        if (file is null || File.Exists(file))
        {
            return true;
        }

        problems.Add(path, $"there is no file {file}");
        return false;
    }

    private static void CheckContent(TlsConfig tls, ConfigPath path, ProblemList problems)
    {
        if (tls.CaFile is { } caFile)
        {
            Try(path["caFile"], problems, $"{caFile} is not PEM with certificates", () =>
            {
                var authorities = new X509Certificate2Collection();
                authorities.ImportFromPemFile(caFile);
                return authorities.Count > 0;
            });
        }

        if (tls is { CertificateFile: { } certificateFile, KeyFile: { } keyFile })
        {
            Try(path["certificateFile"], problems, $"{certificateFile} and {keyFile} are not PEM with a certificate and its key", () =>
            {
                using var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
                return certificate.HasPrivateKey;
            });
        }
    }

    private static void Try(ConfigPath path, ProblemList problems, string message, Func<bool> isRight)
    {
        try
        {
            if (!isRight())
            {
                problems.Add(path, message);
            }
        }
        catch (Exception wrong) when (
            wrong is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            problems.Add(path, message);
        }
    }
}
