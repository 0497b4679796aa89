using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using AiRouter.Tests.Health;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Chat over a backend of kind <c>anthropic</c>, through real sockets.</summary>
public sealed class AnthropicBackendTests
{
    private const string Ask = """{"model":"public-model","messages":[{"role":"user","content":"Hi"}]}""";

    private const string AskStream =
        """{"model":"public-model","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"Hi"}]}""";

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
    public async Task Whole_answer_becomes_a_completion()
    {
        var answer = await AskAsync(Ask, call => call.JsonAsync(
            """{"id":"msg_1","type":"message","role":"assistant","model":"backend-model","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"Grüße"},{"type":"tool_use","id":"toolu_1","name":"f","input":{"a":"b"}},{"type":"tool_use","id":"toolu_2","name":"g","input":{}}],"stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":5}}"""));

        Assert.Equal(200, answer.Status);
        var json = JsonNode.Parse(answer.Body)!;
        Assert.InRange((long)json["created"]!, 1_700_000_000, 4_000_000_000);
        json["created"] = 1;
        Assert.Equal(
            """{"id":"msg_1","object":"chat.completion","created":1,"model":"public-model","choices":[{"index":0,"message":{"role":"assistant","content":"Gr\u00FC\u00DFe","refusal":null,"reasoning_content":"Hm.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"f","arguments":"{\u0022a\u0022:\u0022b\u0022}"}},{"id":"toolu_2","type":"function","function":{"name":"g","arguments":"{}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":15,"completion_tokens":5,"total_tokens":20,"prompt_tokens_details":{"cached_tokens":3}}}""",
            json.ToJsonString());
    }

    [Theory]
    [InlineData("end_turn", "stop")]
    [InlineData("max_tokens", "length")]
    [InlineData("model_context_window_exceeded", "length")]
    [InlineData("refusal", "content_filter")]
    [InlineData("pause_turn", "stop")]
    public async Task Reason_has_a_word_in_chat(string reason, string finish)
    {
        var whole = await AskAsync(Ask, call => call.JsonAsync(Message.Whole.Replace("end_turn", reason, StringComparison.Ordinal)));
        var stream = await AskAsync(AskStream, call => call.EventsAsync(Message.Start, Message.Text(0, "x"), Message.Delta(reason), Message.Stop));

        Assert.Equal(finish, (string?)JsonNode.Parse(whole.Body)!["choices"]![0]!["finish_reason"]);
        Assert.Contains($"\"finish_reason\":\"{finish}\"", stream.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_becomes_chunks()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(
            Message.Start,
            Message.Ping,
            Message.Block(0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"Let me see."}""", """{"type":"signature_delta","signature":"s"}"""),
            Message.Text(1, "Gr\\u00fc\\u00dfe", " you"),
            Message.Block(2, """{"type":"tool_use","id":"toolu_1","name":"f","input":{}}""", """{"type":"input_json_delta","partial_json":""}""", """{"type":"input_json_delta","partial_json":"{\"a\": "}""", """{"type":"input_json_delta","partial_json":"1}"}"""),
            Message.Ping,
            Message.Block(3, """{"type":"tool_use","id":"toolu_2","name":"g","input":{}}"""),
            Message.Block(4, """{"type":"tool_use","id":"toolu_3","name":"h","input":{"whole":true}}"""),
            Message.Delta("tool_use"),
            Message.Stop));

        Assert.Equal(200, answer.Status);
        Assert.True(answer.IsWhole);
        Golden.Equal("stream.txt", WithoutTime(answer.Body));
    }

    [Fact]
    public async Task Stream_with_a_stop_sequence_says_which()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(
            Message.Start, Message.Text(0, "x"), Message.Delta("stop_sequence", "\"END\""), Message.Stop));

        Assert.Contains("\"finish_reason\":\"stop\",\"stop_reason\":\"END\"", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stream: always")]
    [InlineData("stream: never")]
    public async Task Client_gets_the_form_that_it_asked_for(string mix)
    {
        var streams = mix == "stream: always";
        await using var upstream = await ScriptedUpstream.StartAsync(call => streams
            ? call.EventsAsync(Message.Start, Message.Text(0, "Hel", "lo"), Message.Delta("end_turn"), Message.Stop)
            : call.JsonAsync(Message.Whole));
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic },
            t => t with { Stream = streams ? TargetStream.Always : TargetStream.Never });

        var answer = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", streams ? Ask : AskStream);

        Assert.Equal(200, answer.Status);
        Assert.Equal(streams, upstream.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal));
        Assert.Equal(!streams, answer.Body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
        Assert.Contains("\"content\":\"Hello\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"prompt_tokens\":15", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "invalid_request_error", 400, null)]
    [InlineData(401, "authentication_error", 502, "backend_misconfigured")]
    [InlineData(404, "not_found_error", 502, "backend_misconfigured")]
    [InlineData(413, "request_too_large", 413, null)]
    [InlineData(500, "api_error", 500, "backend_error")]
    public async Task Error_keeps_its_status(int status, string type, int expected, string? code)
    {
        var answer = await AskAsync(Ask, call => call.JsonAsync(Message.Error(type, "what 'backend-model' says"), status));

        Assert.Equal(expected, answer.Status);
        var error = JsonNode.Parse(answer.Body)!["error"]!;
        Assert.Equal(code, (string?)error["code"]);
        if (code is null)
        {
            Assert.Equal("what 'public-model' says", (string?)error["message"]);
            Assert.Equal(type, (string?)error["type"]);
        }
    }

    [Theory]
    [InlineData(429, "rate_limit_error")]
    [InlineData(529, "overloaded_error")]
    public async Task Overload_is_tried_at_another_target(int status, string type)
    {
        await using var busy = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Message.Error(type, "busy"), status));
        await using var idle = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await TwoTargetsAsync(busy, idle);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", Ask);

        Assert.Equal(200, answer.Status);
        Assert.Single(busy.Requests);
        Assert.Single(idle.Requests);
    }

    [Fact]
    public async Task Overload_is_told_with_its_status_and_when_to_come_back()
    {
        var answer = await AskAsync(
            Ask, call => call.JsonAsync(Message.Error("overloaded_error", "Overloaded"), 529, ("retry-after", "7")));

        Assert.Equal(529, answer.Status);
        Assert.Equal("7", answer.Header("Retry-After"));
        Assert.Equal("overloaded_error", (string?)JsonNode.Parse(answer.Body)!["error"]!["type"]);
    }

    [Fact]
    public async Task Error_event_before_content_is_tried_at_another_target()
    {
        await using var busy = await ScriptedUpstream.StartAsync(
            call => call.EventsAsync(Message.Start, Message.Ping, Message.Event(Message.Error("overloaded_error", "busy"))));
        await using var idle = await ScriptedUpstream.StartAsync(
            call => call.EventsAsync(Message.Start, Message.Text(0, "Hello"), Message.Delta("end_turn"), Message.Stop));
        await using var router = await TwoTargetsAsync(busy, idle);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/chat/completions", AskStream);

        Assert.Equal(200, answer.Status);
        Assert.Single(busy.Requests);
        Assert.Contains("Hello", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("invalid_request_error", 400)]
    [InlineData("authentication_error", 502)]
    [InlineData("billing_error", 503)]
    [InlineData("not_found_error", 502)]
    [InlineData("request_too_large", 413)]
    [InlineData("rate_limit_error", 429)]
    [InlineData("timeout_error", 504)]
    [InlineData("overloaded_error", 503)]
    [InlineData("api_error", 502)]
    public async Task Error_event_before_content_has_a_status(string type, int status)
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(Message.Start, Message.Event(Message.Error(type, "why"))));

        Assert.Equal(status, answer.Status);
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

    [Fact]
    public async Task R40_error_event_in_the_middle_ends_the_stream_with_an_error()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(
            Message.Start, Message.Text(0, "Hel"), Message.Event(Message.Error("overloaded_error", "Overloaded"))));

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.EndsWith(
            "data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"overloaded_error\",\"param\":null,\"code\":\"server_is_overloaded\"}}\n\n",
            answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R40_stream_that_is_cut_ends_with_an_error()
    {
        var answer = await AskAsync(AskStream, async call =>
        {
            await call.EventsAsync(Message.Start, Message.Text(0, "Hel"));
            await UpstreamCall.BreakOffAsync();
        });

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.Contains("\"code\":\"backend_stream_broken\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_that_ends_too_early_is_no_answer()
    {
        var answer = await AskAsync(AskStream, call => call.EventsAsync(Message.Start, Message.Text(0, "Hel")));

        Assert.Contains("\"code\":\"backend_stream_broken\"", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"object":"chat.completion","choices":[]}""")]
    [InlineData("")]
    public async Task Answer_that_is_no_message_is_an_error(string body)
    {
        var whole = await AskAsync(Ask, call => call.JsonAsync(body));
        var stream = await AskAsync(AskStream, call => call.EventsAsync($"data: {body}x\n\n"));

        Assert.Equal(502, whole.Status);
        Assert.Equal(502, stream.Status);
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

    private static string WithoutTime(string body) =>
        System.Text.RegularExpressions.Regex.Replace(body, "\"created\":[0-9]+", "\"created\":1");

    private static Task<RunningRouter> StartAsync(ScriptedUpstream upstream, Func<BackendConfig, BackendConfig>? backend = null) =>
        RunningRouter.StartAsync(upstream, b => (backend is null ? b : backend(b)) with { Kind = BackendKind.Anthropic });

    private static Task<RunningRouter> TwoTargetsAsync(ScriptedUpstream first, ScriptedUpstream second) => RunningRouter.StartAsync(
        $$"""
        backends:
          first:  { kind: anthropic, url: "{{first.Url}}" }
          second: { kind: anthropic, url: "{{second.Url}}" }
        models:
          public-model:
            targets:
              - { backend: first, model: backend-model }
              - { backend: second, model: backend-model, priority: 1 }
        """);

    private static async Task<RawResponse> AskAsync(string ask, Func<UpstreamCall, Task> script)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(script);
        await using var router = await StartAsync(upstream);
        return await RawHttp.PostAsync(router.Root, "/v1/chat/completions", ask);
    }
}
