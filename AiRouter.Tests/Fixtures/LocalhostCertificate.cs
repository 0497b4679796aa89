using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Tests.Fixtures;

/// <summary>A certificate for <c>localhost</c> that is its own authority, for a server and in a PEM file with its key.</summary>
internal sealed class LocalhostCertificate : IDisposable
{
    /// <summary>Makes one.</summary>
    /// <param name="ends">Its last moment; null: tomorrow.</param>
    public LocalhostCertificate(DateTimeOffset? ends = null)
    {
        var last = ends ?? DateTimeOffset.UtcNow.AddDays(1);
        var today = DateTimeOffset.UtcNow;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned((last < today ? last : today).AddDays(-2), last);
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        File = Path.GetTempFileName();
        System.IO.File.WriteAllText(File, made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Certificate and key as PEM; deleted at the end.</summary>
    public string File { get; }

    public void Dispose()
    {
        System.IO.File.Delete(File);
        Certificate.Dispose();
    }
}
