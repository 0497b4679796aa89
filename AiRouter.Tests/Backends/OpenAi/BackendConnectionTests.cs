using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>How a backend is found and who it is told is calling.</summary>
public sealed class BackendConnectionTests
{
    private const string Ask = """{"model":"public-model","messages":[{}]}""";

    [Fact]
    public async Task Url_may_name_a_service()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Services:my-models:http:0"] = $"http://127.0.0.1:{upstream.Url.Port}",
        }).Build();
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Url = new Uri("http://my-models/v1") },
            configure: s => s.AddServiceDiscovery().AddSingleton<IConfiguration>(configuration));

        using var response = await router.PostAsync("chat/completions", Ask);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/v1/chat/completions", upstream.Request.Target);
    }

    [Theory]
    [InlineData(true, 200)]
    [InlineData(false, 502)]
    public async Task Client_certificate_is_shown(bool isConfigured, int status)
    {
        using var key = RSA.Create(2048);
        var certificateRequest = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        certificateRequest.CertificateExtensions.Add(names.Build());
        certificateRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var certificate = certificateRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var server = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        string? shown = null;
        await using var upstream = await ScriptedUpstream.StartAsync(
            call =>
            {
                shown = call.Http.Connection.ClientCertificate?.Thumbprint;
                return call.JsonAsync("{}");
            },
            listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = server;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }));
        var tls = isConfigured
            ? new TlsConfig { CaFile = file, CertificateFile = file, KeyFile = file }
            : new TlsConfig { CaFile = file };
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { Tls = tls });

        using var response = await router.PostAsync("chat/completions", Ask);
        File.Delete(file);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(isConfigured ? certificate.Thumbprint : null, shown);
    }
}
