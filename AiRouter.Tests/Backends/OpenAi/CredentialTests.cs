using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary>R2 and R29: whose credential reaches a backend, and which headers.</summary>
public sealed class CredentialTests
{
    private const string OurKey = "sk-air-client";
    private const string TheirKey = "sk-their-own";

    [Fact]
    public async Task R2_backend_without_apiKey_gets_no_credential()
    {
        var request = await SendAsync(null, ("Authorization", "Bearer " + OurKey), ("x-api-key", TheirKey), ("api-key", TheirKey));

        Assert.Null(request.Header("Authorization"));
        Assert.Null(request.Header("x-api-key"));
        Assert.Null(request.Header("api-key"));
        Assert.Null(request.Header("OpenAI-Organization"));
    }

    [Fact]
    public async Task R2_own_credential_stands_in_for_the_clients()
    {
        var request = await SendAsync("env:AIROUTER_SECRET_BACKEND", ("Authorization", "Bearer " + OurKey), ("x-api-key", TheirKey));

        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, request.Header("Authorization"));
        Assert.Null(request.Header("x-api-key"));
        Assert.Null(request.Header("OpenAI-Organization"));
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    public async Task R2_forward_passes_on_the_clients_own_credential_where_it_stood(string header, string prefix)
    {
        var ours = header == "Authorization" ? ("x-api-key", OurKey) : ("Authorization", "Bearer " + OurKey);

        var request = await SendAsync("forward", ours, (header, prefix + TheirKey));

        Assert.Equal(prefix + TheirKey, request.Header(header));
        Assert.DoesNotContain(request.Headers.Values, v => v.Contains(OurKey, StringComparison.Ordinal));
        Assert.Equal("org-1", request.Header("OpenAI-Organization"));
    }

    [Fact]
    public async Task R2_forward_never_passes_on_a_key_of_ours()
    {
        var request = await SendAsync("forward", ("Authorization", "Bearer " + OurKey), ("x-api-key", "sk-air-anything"));

        Assert.DoesNotContain(request.Headers.Values, v => v.Contains("sk-air-", StringComparison.Ordinal));
        Assert.Null(request.Header("OpenAI-Organization"));
    }

    [Fact]
    public async Task R2_credentials_in_the_query_stay_here()
    {
        var request = await SendAsync("forward", ("Authorization", "Bearer " + OurKey));

        Assert.Equal("/v1/chat/completions?beta=true&a=b%20c", request.Target);
    }

    [Fact]
    public async Task Listed_headers_reach_the_backend_and_others_do_not()
    {
        var request = await SendAsync(
            null, ("Authorization", "Bearer " + OurKey), ("OpenAI-Beta", "x=1"), ("anthropic-beta", "b-1"), ("X-Stainless-Lang", "js"), ("Idempotency-Key", "i"),
            ("X-Client-Request-Id", "c"), ("x-request-id", "my-id"), ("Cookie", "a=b"), ("X-Forwarded-For", "1.2.3.4"), ("X-Other", "y"),
            ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("Accept-Encoding", "gzip"));

        Assert.Equal("x=1", request.Header("OpenAI-Beta"));
        Assert.Equal("b-1", request.Header("anthropic-beta"));
        Assert.Equal("js", request.Header("X-Stainless-Lang"));
        Assert.Equal("i", request.Header("Idempotency-Key"));
        Assert.Equal("c", request.Header("X-Client-Request-Id"));
        Assert.Equal("my-id", request.Header("x-request-id"));
        Assert.Equal("identity", request.Header("Accept-Encoding"));
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", request.Header("traceparent"), StringComparison.Ordinal);
        Assert.Equal("extra", request.Header("X-Extra"));
        Assert.All(["Cookie", "X-Forwarded-For", "X-Other"], name => Assert.Null(request.Header(name)));
    }

    [Fact]
    public async Task R29_only_listed_response_headers_reach_the_client()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(
            "{}", 200, ("openai-processing-ms", "12"), ("openai-version", "2020-10-01"), ("x-ratelimit-limit-requests", "1"), ("Set-Cookie", "a=b"),
            ("openai-organization", "org"), ("x-request-id", "theirs"), ("Via", "1.1 x"), ("Keep-Alive", "timeout=5")));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{}]}""");

        Assert.Equal("12", response.Header("openai-processing-ms"));
        Assert.Equal("2020-10-01", response.Header("openai-version"));
        Assert.StartsWith("req_", response.Header("x-request-id"), StringComparison.Ordinal);
        Assert.All(
            ["x-ratelimit-limit-requests", "Set-Cookie", "openai-organization", "Via", "Keep-Alive"],
            name => Assert.Null(response.Header(name)));
    }

    private static async Task<RecordedRequest> SendAsync(string? apiKey, params (string Name, string Value)[] headers)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream,
            backend: b => b with { ApiKey = apiKey, Headers = new Dictionary<string, string> { ["X-Extra"] = "extra" } },
            config: c => c with { Keys = [TestConfigs.Key("k", OurKey)], Server = new ServerConfig { Authentication = AuthenticationMode.Required } });
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"chat/completions?beta=true&api-key={OurKey}&a=b%20c&x={OurKey}&token=t")
        {
            Content = new StringContent("""{"model":"public-model","messages":[{}]}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("OpenAI-Organization", "org-1");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using var response = await router.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, response.StatusCode.ToString());
        return upstream.Request;
    }
}
