using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Health;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Chat over a backend of kind <c>anthropic</c>, through real sockets: what is sent, and what is not.</summary>
public sealed class AnthropicBackendTests
{
    [Fact]
    public async Task Request_goes_to_messages_with_key_version_and_a_token_limit()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with { ApiKey = "env:AIROUTER_SECRET_BACKEND" });

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions?beta=1", Ask, "OpenAI-Beta: x\r\nAuthorization: Bearer sk-client\r\n");

        Assert.Equal(200, response.Status);
        Assert.Equal("/v1/messages", upstream.Request.Target);
        Assert.Equal(FixedConfiguration.BackendSecret, upstream.Request.Header("x-api-key"));
        Assert.Equal("2023-06-01", upstream.Request.Header("anthropic-version"));
        Assert.Equal("application/json", upstream.Request.Header("Content-Type"));
        Assert.Null(upstream.Request.Header("Authorization"));
        Assert.Null(upstream.Request.Header("OpenAI-Beta"));
        Assert.Equal(
            """{"model":"backend-model","max_tokens":1024,"messages":[{"role":"user","content":"Hi"}]}""", upstream.Request.Text);
    }

    [Fact]
    public async Task Configured_headers_replace_key_and_version()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with
        {
            ApiKey = "env:AIROUTER_SECRET_BACKEND",
            Headers = new Dictionary<string, string> { ["Anthropic-Version"] = "2099-01-01", ["x-extra"] = "y" },
        });

        await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal("2099-01-01", upstream.Request.Header("anthropic-version"));
        Assert.Equal("y", upstream.Request.Header("x-extra"));
    }

    [Theory]
    [InlineData("Authorization: Bearer sk-theirs\r\n")]
    [InlineData("x-api-key: sk-theirs\r\n")]
    [InlineData("api-key: sk-theirs\r\n")]
    public async Task R2_forwarded_credential_goes_where_the_server_looks_for_it(string header)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with { ApiKey = "forward" });

        await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask, header);

        Assert.Equal("sk-theirs", upstream.Request.Header("x-api-key"));
        Assert.Null(upstream.Request.Header("Authorization"));
        Assert.Null(upstream.Request.Header("api-key"));
    }

    [Fact]
    public async Task R32_limits_of_tokens_hold()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { up: { kind: anthropic, url: "{{upstream.Url}}" } }
            models: { public-model: { targets: [ { backend: up } ], maxTokens: { max: 2000 }, limits: { tokensPerMinute: 1500 } } }
            """);

        var first = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);
        var second = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask.Replace("}]", "}],\"max_tokens\":1490", StringComparison.Ordinal));

        Assert.Equal(200, first.Status);
        Assert.Equal(429, second.Status);
        Assert.Contains("\"max_tokens\":1024", upstream.Request.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("embeddings", """{"model":"public-model","input":"x"}""")]
    [InlineData("completions", """{"model":"public-model","prompt":"x"}""")]
    [InlineData("rerank", """{"model":"public-model","query":"x","documents":[]}""")]
    public async Task R22_other_operations_are_refused_before_anything_is_sent(string path, string body)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/" + path, body);

        Assert.Equal(400, answer.Status);
        Assert.Equal("unsupported_operation", (string?)JsonNode.Parse(answer.Body)!["error"]!["code"]);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("responses", """{"model":"public-model","input":"x"}""", "response")]
    [InlineData("messages", """{"model":"public-model","max_tokens":5,"messages":[{"role":"user","content":"x"}]}""", null)]
    public async Task Other_dialects_reach_it_too(string path, string body, string? kind)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/" + path, body);

        Assert.Equal(200, answer.Status);
        Assert.Equal("/v1/messages", upstream.Request.Target);
        Assert.Equal(kind, (string?)JsonNode.Parse(answer.Body)!["object"]);
    }

    [Fact]
    public async Task Probe_asks_for_models_with_key_and_version()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("""{"data":[]}""");
        await using var router = await ProbedRouter.StartAsync($$"""
            backends: { up: { kind: anthropic, url: "{{upstream.Url}}", apiKey: "env:AIROUTER_SECRET_BACKEND" } }
            models: { m: { targets: [ { backend: up } ] } }
            """);
        await router.WaitAsync(() => !upstream.Requests.IsEmpty);

        Assert.True(upstream.Requests.TryPeek(out var probe));
        Assert.Equal("/v1/models", probe.Target);
        Assert.Equal(FixedConfiguration.BackendSecret, probe.Header("x-api-key"));
        Assert.Equal("2023-06-01", probe.Header("anthropic-version"));
        Assert.Null(probe.Header("Authorization"));
    }
}
