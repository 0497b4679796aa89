using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>Messages to a server that speaks Messages: what it gets, and what the client gets, byte for byte.</summary>
public sealed class PassThroughTests
{
    /// <summary>What chat has no word for, what nobody knows yet, and a spelling of its own.</summary>
    private const string Rich =
        """
        { "model" : "public-model", "max_tokens":2000 ,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
          "thinking":{"type":"enabled","budget_tokens":1024},"tools":[{"type":"web_search_20250305","name":"web_search"}],"new_member":[1,null,"\u00e9"],
          "messages":[{"role":"user","content":[{"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"JVBERi0="},"citations":{"enabled":true}}]},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"},{"type":"redacted_thinking","data":"Zm9v"},{"type":"text","text":"Yes"}]},
            {"role":"user","content":"Go on"}] }
        """;

    private const string RichAnswer =
        """
        {"id":"msg_1", "type":"message","role":"assistant","model":"backend-model","content":[{"type":"thinking","thinking":"Hm.","signature":"EqQB"},{"type":"server_tool_use","id":"srvtoolu_1","name":"web_search","input":{"query":"x"}},{"type":"new_block","n":1.50},{"type":"text","text":"Gr\u00fc\u00dfe","citations":[{"type":"page_location"}]}],"stop_reason":"end_turn","stop_sequence":null,"container":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":5,"server_tool_use":{"web_search_requests":1}}}
        """;

    [Fact]
    public async Task Request_and_answer_pass_byte_for_byte_but_for_the_name_of_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(
            RichAnswer, 200, ("request-id", "req_upstream"), ("anthropic-ratelimit-requests-remaining", "7"), ("anthropic-organization-id", "org")));
        await using var router = await StartAsync(upstream);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages?beta=true", Rich, "x-request-id: mine\r\n");

        Assert.Equal(200, answer.Status);
        Assert.Equal("/v1/messages?beta=true", upstream.Request.Target);
        Assert.Equal(Rich.Replace("public-model", "backend-model", StringComparison.Ordinal), upstream.Request.Text);
        Assert.Equal(RichAnswer.Replace("backend-model", "public-model", StringComparison.Ordinal), answer.Body);
        Assert.Equal("mine", answer.Header("request-id"));
        Assert.Equal("mine", upstream.Request.Header("x-request-id"));
        Assert.Null(answer.Header("anthropic-ratelimit-requests-remaining"));
        Assert.Null(answer.Header("anthropic-organization-id"));
    }

    [Fact]
    public async Task Events_pass_one_by_one_as_they_come()
    {
        string[] events =
        [
            Message.Start,
            Message.Ping,
            Message.Event("""{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""),
            Message.Event("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Gr\u00fc\u00dfe"}}"""),
            Message.Event("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"EqQB"}}"""),
            Message.Event("""{"type":"content_block_stop","index":0}"""),
            Message.Event("""{"type":"brand_new_event","model":"backend-model", "x":[1.0]}"""),
            Message.Event("""{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"type":"page_location"}}}"""),
            Message.Event("""{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":15},"context_management":{"applied_edits":[]}}"""),
            Message.Stop,
        ];
        var seen = events.Select(static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToArray();
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.BeginEventsAsync();
            for (var i = 0; i < events.Length; i++)
            {
                await call.WriteAsync(events[i]);

                // The next one is not sent before the client has this one.
                await seen[i].Task.WaitAsync(TimeSpan.FromSeconds(30), call.Ended);
            }
        });
        await using var router = await StartAsync(upstream);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessageStream, received: bytes =>
        {
            var count = Encoding.UTF8.GetString(bytes.Span).Split("\n\n").Length - 1;
            for (var i = 0; i < Math.Min(count, seen.Length); i++)
            {
                seen[i].TrySetResult();
            }
        });

        Assert.Equal(200, answer.Status);
        Assert.True(answer.IsWhole);
        Assert.Equal(string.Concat(events).Replace(
            "\"role\":\"assistant\",\"model\":\"backend-model\"", "\"role\":\"assistant\",\"model\":\"public-model\"", StringComparison.Ordinal), answer.Body);
        Assert.StartsWith("text/event-stream", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.StartsWith("req_", answer.Header("request-id"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counting_passes_and_gets_nothing_that_shapes_an_answer()
    {
        const string Ask = """{"model":"public-model","system":"s","messages":[{"role":"user","content":"Hi"}]}""";
        await using var upstream = await ScriptedUpstream.StartAsync("""{"input_tokens": 14,"new":1}""");
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { up: { kind: anthropic, url: "{{upstream.Url}}" } }
            models:
              public-model:
                targets: [ { backend: up, model: backend-model } ]
                maxTokens: { default: 70 }
                parameters: { defaults: { temperature: 0.5 }, force: { system: forced, top_k: 3 } }
            """);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages/count_tokens", Ask);

        Assert.Equal((200, """{"input_tokens": 14,"new":1}"""), (answer.Status, answer.Body));
        Assert.Equal("/v1/messages/count_tokens", upstream.Request.Target);
        Assert.Equal("""{"model":"backend-model","system":"forced","messages":[{"role":"user","content":"Hi"}]}""", upstream.Request.Text);
        Assert.NotNull(answer.Header("request-id"));
    }

    [Fact]
    public async Task R9_R11_parameters_and_token_limits_are_those_of_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends: { up: { kind: anthropic, url: "{{upstream.Url}}" } }
            models:
              public-model:
                targets: [ { backend: up, model: backend-model } ]
                maxTokens: { default: 70, max: 100 }
                parameters: { defaults: { temperature: 0.5 }, force: { top_k: 3 }, drop: [metadata] }
            """);

        var standard = await RawHttp.PostAsync(
            router.Root, "/v1/messages", """{"model":"public-model","metadata":{"user_id":"u"},"messages":[{"role":"user","content":"Hi"}]}""");
        var tooMuch = await RawHttp.PostAsync(
            router.Root, "/v1/messages", AskMessage.Replace("50", "101", StringComparison.Ordinal));

        Assert.Equal(200, standard.Status);
        var sent = JsonNode.Parse(upstream.Request.Text)!;
        Assert.Equal("70 0.5 3", $"{sent["max_tokens"]} {sent["temperature"]} {sent["top_k"]}");
        Assert.Null(sent["metadata"]);
        Assert.Null(sent["max_completion_tokens"]);
        Assert.Equal(400, tooMuch.Status);
        Assert.Equal("invalid_request_error", (string?)JsonNode.Parse(tooMuch.Body)!["error"]!["type"]);
    }

    [Theory]
    [InlineData("", "2023-06-01", null)]
    [InlineData("anthropic-version: 2099-01-01\r\nanthropic-beta: a-1,b-2\r\nanthropic-beta: c-3\r\n", "2099-01-01", "a-1,b-2,c-3")]
    public async Task Version_and_beta_are_the_clients(string headers, string version, string? beta)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream);

        await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage, headers);

        Assert.Equal(version, upstream.Request.Header("anthropic-version"));
        Assert.Equal(beta, upstream.Request.Header("anthropic-beta"));
    }

    [Theory]
    [InlineData("", "2077-01-01", "own-1")]
    [InlineData("anthropic-version: 2099-01-01\r\nanthropic-beta: a-1, own-1\r\n", "2099-01-01", "own-1,a-1")]
    public async Task Version_and_beta_are_else_the_backends(string headers, string version, string beta)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with
        {
            Headers = new Dictionary<string, string> { ["Anthropic-Version"] = "2077-01-01", ["anthropic-beta"] = "own-1", ["x-extra"] = "y" },
        });

        await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage, headers);

        Assert.Equal(version, upstream.Request.Header("anthropic-version"));
        Assert.Equal(beta, upstream.Request.Header("anthropic-beta"));
        Assert.Equal("y", upstream.Request.Header("x-extra"));
    }

    [Fact]
    public async Task R2_credential_is_the_backends_and_never_the_clients()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with { ApiKey = "env:AIROUTER_SECRET_BACKEND" });

        await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage, "x-api-key: sk-client\r\nAuthorization: Bearer sk-other\r\n");

        Assert.Equal(FixedConfiguration.BackendSecret, upstream.Request.Header("x-api-key"));
        Assert.Null(upstream.Request.Header("Authorization"));
    }

    [Theory]
    [InlineData("x-api-key: sk-theirs\r\n", "x-api-key", "sk-theirs")]
    [InlineData("Authorization: Bearer sk-oauth\r\n", "Authorization", "Bearer sk-oauth")]
    public async Task R2_forwarded_credential_stays_where_the_client_put_it(string header, string name, string value)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream, b => b with { ApiKey = "forward" });

        await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage, header);

        Assert.Equal(value, upstream.Request.Header(name));
    }

    [Theory]
    [InlineData(TargetStream.Always)]
    [InlineData(TargetStream.Never)]
    public async Task Client_gets_the_form_that_it_asked_for(TargetStream mix)
    {
        var streams = mix == TargetStream.Always;
        await using var upstream = await ScriptedUpstream.StartAsync(call => streams
            ? call.EventsAsync(Message.Start, Message.Text(0, "Hel", "lo"), Message.Delta("end_turn"), Message.Stop)
            : call.JsonAsync(Message.Whole));
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Kind = BackendKind.Anthropic }, t => t with { Stream = mix });

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", streams ? AskMessage : AskMessageStream);

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"text\":\"Hello\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("\"model\":\"public-model\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains(streams ? "\"output_tokens\":15" : "\"output_tokens\":5", answer.Body, StringComparison.Ordinal);
        Assert.Equal(!streams, answer.Body.EndsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Server_of_kind_openai_that_speaks_Messages_gets_them_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            upstream, b => b with { Messages = true, ApiKey = "env:AIROUTER_SECRET_BACKEND" });

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage, "anthropic-version: 2023-06-01\r\nx-api-key: sk-client\r\n");

        Assert.Equal(Message.Whole.Replace("backend-model", "public-model", StringComparison.Ordinal), answer.Body);
        Assert.Equal("/v1/messages", upstream.Request.Target);
        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, upstream.Request.Header("Authorization"));
        Assert.Null(upstream.Request.Header("x-api-key"));
        Assert.Equal("2023-06-01", upstream.Request.Header("anthropic-version"));
    }
}
