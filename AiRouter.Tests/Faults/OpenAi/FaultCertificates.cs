using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Tests.Faults.OpenAi;

/// <summary>An authority, and servers' certificates that are good or bad.</summary>
internal static class FaultCertificates
{
    private static readonly X509Certificate2 _authority = MakeAuthority();

    /// <summary>A good one for <c>localhost</c>.</summary>
    public static X509Certificate2 Good { get; } = Issue("localhost", TimeSpan.FromDays(1));

    /// <summary>One that has run out.</summary>
    public static X509Certificate2 Expired { get; } = Issue("localhost", TimeSpan.FromHours(-1));

    /// <summary>One for another name.</summary>
    public static X509Certificate2 OfAnother { get; } = Issue("somebody.example", TimeSpan.FromDays(1));

    /// <summary>One that nobody has vouched for.</summary>
    public static X509Certificate2 SelfSigned { get; } = MakeSelfSigned();

    /// <summary>PEM file of the authority; deleted when the tests end.</summary>
    public static string AuthorityFile { get; } = WriteAuthority();

    private static X509Certificate2 MakeAuthority()
    {
        var request = new CertificateRequest("CN=Fault authority", ECDsa.Create(ECCurve.NamedCurves.nistP256), HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
    }

    private static X509Certificate2 Issue(string host, TimeSpan until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = RequestFor(host, key).Create(
            _authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow + until, RandomNumberGenerator.GetBytes(8));
        using var withKey = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 MakeSelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = RequestFor("localhost", key).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static CertificateRequest RequestFor(string host, ECDsa key)
    {
        var request = new CertificateRequest("CN=" + host, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static string WriteAuthority()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, _authority.ExportCertificatePem());
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
        return file;
    }
}
