using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Tests.Configuration;

/// <summary>Certificates in files.</summary>
internal static class Certificates
{
    /// <summary>A PEM file with an authority.</summary>
    public static string Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=test", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var file = Path.Combine(Directory.CreateTempSubdirectory("airouter-pem-").FullName, "ca.pem");
        File.WriteAllText(file, certificate.ExportCertificatePem());
        return file;
    }
}
