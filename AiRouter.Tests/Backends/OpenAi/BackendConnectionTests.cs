using System.Net;
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
        using var localhost = new LocalhostCertificate();
        string? shown = null;
        await using var upstream = await ScriptedUpstream.StartAsync(
            call =>
            {
                shown = call.Http.Connection.ClientCertificate?.Thumbprint;
                return call.JsonAsync("{}");
            },
            listen => listen.UseHttps(https =>
            {
                https.ServerCertificate = localhost.Certificate;
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.AllowAnyClientCertificate();
            }));
        var tls = isConfigured
            ? new TlsConfig { CaFile = localhost.File, CertificateFile = localhost.File, KeyFile = localhost.File }
            : new TlsConfig { CaFile = localhost.File };
        await using var router = await RunningRouter.StartAsync(upstream, b => b with { Tls = tls });

        using var response = await router.PostAsync("chat/completions", Ask);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(isConfigured ? localhost.Certificate.Thumbprint : null, shown);
    }
}
