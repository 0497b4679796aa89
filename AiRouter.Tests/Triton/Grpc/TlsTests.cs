using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiRouter.Tests.Triton.Fixtures;
using AiRouter.Triton;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Triton.Grpc;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("airouter-tls-").FullName;
    private readonly X509Certificate2 _authority = Authority();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string CaFile => Path.Combine(_folder, "ca.pem");

    [Fact]
    public async Task Server_signed_by_the_configured_authority_is_trusted_and_gets_the_client_certificate()
    {
        string? seen = null;
        await using var server = await StartAsync(https =>
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) =>
            {
                seen = certificate.Subject;
                return true;
            };
        });
        await using var client = Client(server, options => options with
        {
            CaFile = CaFile,
            CertificateFile = Path.Combine(_folder, "client.pem"),
            KeyFile = Path.Combine(_folder, "client.key"),
        });

        Assert.True(await client.IsReadyAsync(Token));
        Assert.Equal("CN=client", seen);
    }

    [Fact]
    public async Task Server_signed_by_nobody_known_is_unreachable()
    {
        await using var server = await StartAsync(_ => { });
        await using var client = Client(server, options => options);

        var failed = await Assert.ThrowsAsync<TritonException>(async () => await client.GetModelAsync("m", Token));

        Assert.Equal(TritonFailureKind.Unreachable, failed.Failure.Kind);
    }

    [Fact]
    public void Certificate_file_that_is_not_there_is_said_at_once() =>
        Assert.ThrowsAny<Exception>(() => new TritonClient(
            new TritonClientOptions { Address = new Uri("https://127.0.0.1"), CaFile = Path.Combine(_folder, "none.pem") },
            TimeProvider.System,
            NullLoggerFactory.Instance));

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static TritonClient Client(ScriptedTriton server, Func<TritonClientOptions, TritonClientOptions> configure) => new(
        configure(new TritonClientOptions { Address = new Uri($"https://127.0.0.1:{server.Address.Port}") }),
        TimeProvider.System,
        NullLoggerFactory.Instance);

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private async Task<ScriptedTriton> StartAsync(Action<HttpsConnectionAdapterOptions> configure)
    {
        await File.WriteAllTextAsync(CaFile, _authority.ExportCertificatePem(), Token);
        using var client = Issue("client");
        await File.WriteAllTextAsync(Path.Combine(_folder, "client.pem"), client.ExportCertificatePem(), Token);
        var key = client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem();
        await File.WriteAllTextAsync(Path.Combine(_folder, "client.key"), key, Token);
        var certificate = Issue("localhost");
        return await ScriptedTriton.StartAsync(listen: endpoint => endpoint.UseHttps(https =>
        {
            https.ServerCertificate = certificate;
            configure(https);
        }));
    }

    private X509Certificate2 Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(
            _authority, _authority.NotBefore, _authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        using var withKey = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null, X509KeyStorageFlags.Exportable);
    }
}
