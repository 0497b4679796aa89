using System.Net.WebSockets;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Realtime;

/// <summary>Who may open a session, for which model, and whose credential reaches the backend (R2).</summary>
public sealed class RealtimeAccessTests
{
    private const string OurKey = "sk-air-client-of-ours";
    private const string TheirKey = "sk-their-own-key";

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("api-key", "")]
    [InlineData("x-api-key", "")]
    public async Task R2_key_in_a_header_opens_a_session_and_stays_here(string header, string prefix)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, Keyed, "env:AIROUTER_SECRET_BACKEND");

        var client = await router.OpenAsync(options: o => o.SetRequestHeader(header, prefix + OurKey));
        await client.CloseAsync();

        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, backend.Request.Header("Authorization"));
        AssertHasNot(backend.Request, OurKey);
    }

    [Fact]
    public async Task R2_key_in_the_subprotocol_opens_a_session_and_stays_here()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        backend.Protocol = "realtime";
        await using var router = await RealtimeClient.RouterAsync(backend, Keyed, "env:AIROUTER_SECRET_BACKEND");

        var client = await router.OpenAsync(options: o => Add(
            o, "realtime", "openai-insecure-api-key." + OurKey, "openai-organization.org-1", "openai-beta.realtime-v1", "other"));
        await client.CloseAsync();

        Assert.Equal("realtime", client.Socket.SubProtocol);
        Assert.Equal("realtime, openai-beta.realtime-v1", backend.Request.Header("Sec-WebSocket-Protocol"));
        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, backend.Request.Header("Authorization"));
        AssertHasNot(backend.Request, OurKey);
    }

    [Fact]
    public async Task R2_forward_passes_on_the_clients_own_key_from_the_subprotocol()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, apiKey: "forward");

        var client = await router.OpenAsync(options: o => Add(
            o, "realtime", "openai-insecure-api-key." + TheirKey, "openai-organization.org-1"));
        await client.CloseAsync();

        // The backend has chosen none.
        Assert.Equal("realtime", client.Socket.SubProtocol);
        Assert.Equal("Bearer " + TheirKey, backend.Request.Header("Authorization"));
        Assert.Equal("realtime, openai-organization.org-1", backend.Request.Header("Sec-WebSocket-Protocol"));
    }

    [Fact]
    public async Task R2_forward_never_passes_on_a_key_of_ours()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, Keyed, "forward");

        var client = await router.OpenAsync($"{RealtimeClient.Path}&key={OurKey}&note={OurKey}", o => Add(
            o, "openai-insecure-api-key." + OurKey, "realtime", "openai-insecure-api-key.sk-air-another"));
        await client.CloseAsync();

        Assert.Null(backend.Request.Header("Authorization"));
        Assert.Equal("/v1/realtime?model=backend-model", backend.Request.Target);
        AssertHasNot(backend.Request, "sk-air-");
    }

    [Fact]
    public async Task Headers_of_the_list_reach_the_backend_and_no_others()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);

        var client = await router.OpenAsync(options: o =>
        {
            o.SetRequestHeader("OpenAI-Beta", "realtime=v1");
            o.SetRequestHeader("OpenAI-Safety-Identifier", "user-7");
            o.SetRequestHeader("OpenAI-Organization", "org-1");
            o.SetRequestHeader("Cookie", "session=1");
            o.SetRequestHeader("X-Anything", "1");

            // Offered by browsers too, and not taken up.
            o.DangerousDeflateOptions = new WebSocketDeflateOptions();
        });
        await client.SendAsync("hello");
        Assert.Equal("hello", (await client.ReceiveAsync()).Text);
        await client.CloseAsync();

        var request = backend.Request;
        Assert.Equal(("realtime=v1", "user-7"), (request.Header("OpenAI-Beta"), request.Header("OpenAI-Safety-Identifier")));
        Assert.All(
            ["OpenAI-Organization", "Cookie", "X-Anything", "Authorization", "Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"],
            name => Assert.Null(request.Header(name)));
    }

    [Theory]
    [InlineData("Authorization", "Bearer sk-air-wrong", "invalid_api_key")]
    [InlineData("Sec-WebSocket-Protocol", "realtime, openai-insecure-api-key.sk-air-wrong", "invalid_api_key")]
    [InlineData("Sec-WebSocket-Protocol", "realtime", "null")]
    public async Task Wrong_key_is_401_before_the_upgrade(string header, string value, string code)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, Keyed);

        var (status, body, _) = await router.RefusedAsync(headers: (header, value));

        Assert.Equal(401, status);
        Assert.Contains("\"code\":" + (code == "null" ? code : $"\"{code}\""), body, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/v1/realtime?model=nobody", 404, "model_not_found")]
    [InlineData("/v1/realtime", 400, "You must provide a model parameter")]
    [InlineData("/v1/realtime?model=", 400, "You must provide a model parameter")]
    [InlineData("/v1/realtime?intent=transcription", 400, "You must provide a model parameter")]
    [InlineData("/v1/realtime?model=public-model&model=other", 400, "more than one model")]
    [InlineData("/v1/realtime?model=forbidden", 403, "model_not_allowed")]
    [InlineData("/v1/realtime?model=for-chat", 400, "unsupported_operation")]
    [InlineData("/v1/realtime?model=on-triton", 400, "unsupported_operation")]
    [InlineData("/v1/realtime?model=public-model&call_id=rtc_1", 404, "not_found")]
    public async Task Request_that_cannot_be_served_is_refused_before_the_upgrade(string path, int status, string told)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, c => Keyed(c) with
        {
            Backends = new Dictionary<string, BackendConfig>(c.Backends)
            {
                ["gpu"] = new() { Kind = BackendKind.Triton, Url = new Uri("http://127.0.0.1:1") },
            },
            Models = new Dictionary<string, ModelConfig>(c.Models)
            {
                ["forbidden"] = c.Models["public-model"],
                ["for-chat"] = c.Models["public-model"] with { Operations = [Operations.Chat] },
                ["on-triton"] = new() { Targets = [new TargetConfig { Backend = "gpu" }] },
            },
            Keys = [TestConfigs.Key("k", OurKey) with { Models = ["public-model", "for-chat", "on-triton"] }],
        });

        var answer = await router.RefusedAsync(path, ("Authorization", "Bearer " + OurKey));

        Assert.Equal(status, answer.Status);
        Assert.Contains(told, answer.Body, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("/v1/realtime?model=public-model&x=%20y", "/v1/realtime?x=%20y&model=backend-model")]
    [InlineData("/openai/realtime?api-version=2025-04-01-preview&deployment=public-model", "/v1/realtime?model=backend-model")]
    [InlineData("/openai/v1/realtime?model=public-model", "/v1/realtime?model=backend-model")]
    [InlineData("/realtime", "/v1/realtime?model=backend-model")]
    [InlineData("/v1/realtime?model=gpt-realtime", "/v1/realtime?model=backend-model")]
    [InlineData("/v1/realtime?intent=transcription", "/v1/realtime?intent=transcription")]
    [InlineData("/v1/realtime?intent=transcription&model=public-model", "/v1/realtime?intent=transcription&model=backend-model")]
    public async Task Query_reaches_the_backend_with_the_targets_model(string path, string target)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with
        {
            Defaults = new DefaultsConfig { Realtime = "public-model", Accept = ["gpt-*"] },
        });

        var client = await router.OpenAsync(path);
        await client.CloseAsync();

        Assert.Equal(target, backend.Request.Target);
    }

    [Fact]
    public async Task Request_without_an_upgrade_is_426()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend);

        using var response = await router.Http.GetAsync(RealtimeClient.Path, TestContext.Current.CancellationToken);

        Assert.Equal(426, (int)response.StatusCode);
        Assert.Equal("websocket", Assert.Single(response.Headers.Upgrade).Name);
        Assert.Empty(backend.Requests);
    }

    [Theory]
    [InlineData("https://evil.example", 403)]
    [InlineData("https://app.example", 101)]
    public async Task Page_of_another_origin_is_refused(string origin, int status)
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(
            backend, c => c with { Server = new ServerConfig { CorsOrigins = ["https://app.example"] } });
        if (status != 101)
        {
            Assert.Equal(status, (await router.RefusedAsync(headers: ("Origin", origin))).Status);
            return;
        }

        var client = await router.OpenAsync(options: o => o.SetRequestHeader("Origin", origin));
        await client.CloseAsync();
        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task Client_that_names_the_router_itself_as_its_origin_may_call()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(
            backend, c => c with { Server = new ServerConfig { CorsOrigins = ["https://app.example"] } });

        var client = await router.OpenAsync(options: o => o.SetRequestHeader("Origin", router.Root.GetLeftPart(UriPartial.Authority)));
        await client.CloseAsync();

        Assert.Single(backend.Requests);
    }

    [Fact]
    public async Task R32_session_under_a_token_limit_is_refused()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with
        {
            Keys = [TestConfigs.Key("k", OurKey) with { Limits = new LimitsConfig { TokensPerMinute = 1000 } }],
        });

        var (status, body, _) = await router.RefusedAsync(headers: ("Authorization", "Bearer " + OurKey));

        Assert.Equal(400, status);
        Assert.Contains("nobody knows in advance what it will come to", body, StringComparison.Ordinal);
        Assert.Empty(backend.Requests);
    }

    [Fact]
    public async Task Session_takes_a_place_until_it_ends()
    {
        await using var backend = await RealtimeBackend.StartAsync();
        await using var router = await RealtimeClient.RouterAsync(backend, c => c with
        {
            Keys = [TestConfigs.Key("k", OurKey) with { Limits = new LimitsConfig { Concurrent = 1 } }],
        });
        var first = await router.OpenAsync(options: Authorized);

        var (status, _, _) = await router.RefusedAsync(headers: ("Authorization", "Bearer " + OurKey));
        Assert.Equal(429, status);

        await first.CloseAsync();
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await (await router.OpenAsync(options: Authorized)).CloseAsync();
                return true;
            }
            catch (WebSocketException)
            {
                return false;
            }
        });
    }

    private static RouterConfig Keyed(RouterConfig config) => config with { Keys = [TestConfigs.Key("k", OurKey)] };

    private static void Authorized(ClientWebSocketOptions options) => options.SetRequestHeader("Authorization", "Bearer " + OurKey);

    private static void Add(ClientWebSocketOptions options, params string[] protocols)
    {
        foreach (var protocol in protocols)
        {
            options.AddSubProtocol(protocol);
        }
    }

    private static void AssertHasNot(RecordedRequest request, string secret)
    {
        Assert.DoesNotContain(request.Headers.Values, v => v.Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, request.Target, StringComparison.Ordinal);
    }
}
