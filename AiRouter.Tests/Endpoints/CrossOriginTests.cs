using System.Net;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Endpoints;

public sealed class CrossOriginTests
{
    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/models")]
    public async Task Preflight_needs_no_key_and_reflects_what_is_asked(string path)
    {
        await using var router = await StartAsync(["*"]);

        using var response = await router.Http.SendAsync(Preflight(path, "https://app.test"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal("*", Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("authorization, x-stainless-os", Header(response, "Access-Control-Allow-Headers"));
        Assert.Contains("POST", Header(response, "Access-Control-Allow-Methods"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_and_error_expose_the_request_id()
    {
        await using var router = await StartAsync(["https://app.test"]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "models");
        request.Headers.Add("Origin", "https://app.test");

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("https://app.test", Header(response, "Access-Control-Allow-Origin"));
        Assert.Contains("x-request-id", Header(response, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Equal("Origin", Header(response, "Vary"));
    }

    [Fact]
    public async Task Other_origin_gets_nothing()
    {
        await using var router = await StartAsync(["https://app.test"]);

        using var response = await router.Http.SendAsync(
            Preflight("/v1/models", "https://evil.test"), TestContext.Current.CancellationToken);

        Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    private static HttpRequestMessage Preflight(string path, string origin)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "authorization, x-stainless-os");
        return request;
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    private static Task<RunningRouter> StartAsync(string[] origins) => RunningRouter.StartAsync(new RouterConfig
    {
        Backends = new Dictionary<string, BackendConfig> { ["b"] = new() { Url = new Uri("http://127.0.0.1:1/v1") } },
        Models = new Dictionary<string, ModelConfig> { ["m"] = new() { Targets = [new TargetConfig { Backend = "b" }] } },
        Keys = [TestConfigs.Key("k", "sk-air-1")],
        Server = new ServerConfig { CorsOrigins = origins },
    });
}
