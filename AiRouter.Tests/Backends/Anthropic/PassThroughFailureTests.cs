using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>What clients of Messages are told of the failures of a server that speaks Messages.</summary>
public sealed class PassThroughFailureTests
{
    [Theory]
    [InlineData(400, "invalid_request_error", 400, "invalid_request_error")]
    [InlineData(401, "authentication_error", 502, "api_error")]
    [InlineData(402, "billing_error", 503, "api_error")]
    [InlineData(403, "permission_error", 502, "api_error")]
    [InlineData(404, "not_found_error", 502, "api_error")]
    [InlineData(413, "request_too_large", 413, "request_too_large")]
    [InlineData(429, "rate_limit_error", 429, "rate_limit_error")]
    [InlineData(500, "api_error", 500, "api_error")]
    [InlineData(529, "overloaded_error", 529, "overloaded_error")]
    public async Task Error_has_Anthropics_form_and_our_rules_status(int status, string type, int expected, string expectedType)
    {
        var answer = await AskMessageAsync(
            AskMessage, call => call.JsonAsync(Message.Error(type, "what 'backend-model' says"), status, ("retry-after", "7"), ("request-id", "req_up")));

        var error = JsonNode.Parse(answer.Body)!;
        Assert.Equal((expected, "error", expectedType), (answer.Status, (string?)error["type"], (string?)error["error"]!["type"]));
        Assert.Equal(answer.Header("request-id"), (string?)error["request_id"]);
        Assert.StartsWith("req_", answer.Header("request-id"), StringComparison.Ordinal);
        Assert.NotEqual("req_up", answer.Header("request-id"));
        if (status is 400 or 413 or 429 or 529)
        {
            Assert.Equal("what 'public-model' says", (string?)error["error"]!["message"]);
        }

        if (status is 429 or 529)
        {
            Assert.Equal("7", answer.Header("Retry-After"));
        }
    }

    [Fact]
    public async Task Errors_of_the_router_have_the_id_too()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await StartAsync(upstream);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage.Replace("public-model", "nobody", StringComparison.Ordinal));

        Assert.Equal(404, answer.Status);
        Assert.Equal((string?)JsonNode.Parse(answer.Body)!["request_id"], answer.Header("request-id"));
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("first event")]
    [InlineData("ping, then error")]
    [InlineData("cut")]
    public async Task Failure_before_the_first_event_is_tried_at_another_target(string how)
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => how switch
        {
            "status" => call.JsonAsync(Message.Error("overloaded_error", "busy"), 529),
            "first event" => call.EventsAsync(Message.Event(Message.Error("overloaded_error", "busy"))),
            "ping, then error" => call.EventsAsync(Message.Ping, Message.Event(Message.Error("overloaded_error", "busy"))),
            _ => CutAsync(call),
        });
        await using var good = await ScriptedUpstream.StartAsync(
            call => call.EventsAsync(Message.Start, Message.Text(0, "Hello"), Message.Delta("end_turn"), Message.Stop));
        await using var router = await TwoTargetsAsync(bad, good);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessageStream);

        Assert.Equal(200, answer.Status);
        Assert.Single(bad.Requests);
        Assert.StartsWith("event: message_start\n", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith(Message.Stop, answer.Body, StringComparison.Ordinal);

        static async Task CutAsync(UpstreamCall call)
        {
            await call.BeginEventsAsync();
            await UpstreamCall.BreakOffAsync();
        }
    }

    [Fact]
    public async Task Target_that_knows_chat_only_takes_over_with_a_translation()
    {
        await using var bad = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Message.Error("overloaded_error", "busy"), 529));
        await using var good = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"backend-model","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}]}""" + "\n\n",
            "data: [DONE]\n\n"));
        await using var router = await TwoTargetsAsync(bad, good, "openai");

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessageStream);

        Assert.Equal("/v1/messages", bad.Request.Target);
        Assert.Equal("/v1/chat/completions", good.Request.Target);
        Assert.Contains("\"text\":\"Hello\"", answer.Body, StringComparison.Ordinal);
        Assert.EndsWith(Message.Stop, answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("prompt is too long: 210000 tokens > 200000 maximum")]
    [InlineData("input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000")]
    public async Task Prompt_that_is_too_long_there_goes_to_the_model_for_that(string message)
    {
        await using var small = await ScriptedUpstream.StartAsync(call => call.JsonAsync(Message.Error("invalid_request_error", message), 400));
        await using var large = await ScriptedUpstream.StartAsync(Message.Whole);
        await using var router = await RunningRouter.StartAsync(
            $$"""
            backends:
              small: { kind: anthropic, url: "{{small.Url}}" }
              large: { kind: anthropic, url: "{{large.Url}}" }
            models:
              public-model: { targets: [ { backend: small } ], fallbacks: [ { model: large, on: [contextLength] } ] }
              large: { targets: [ { backend: large } ] }
            """);

        var answer = await RawHttp.PostAsync(router.Root, "/v1/messages", AskMessage);

        Assert.Equal(200, answer.Status);
        Assert.Contains("\"model\":\"large\"", large.Request.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R40_error_event_in_the_middle_ends_the_stream_with_one()
    {
        var answer = await AskMessageAsync(AskMessageStream, call => call.EventsAsync(
            Message.Start, Message.Text(0, "Hel"), Message.Event(Message.Error("overloaded_error", "'backend-model' is overloaded"))));

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.EndsWith(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"'public-model' is overloaded\"}}\n\n",
            answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R40_stream_that_is_cut_ends_with_an_error(bool isReset)
    {
        var answer = await AskMessageAsync(AskMessageStream, async call =>
        {
            await call.EventsAsync(Message.Start, Message.Text(0, "Hel"));
            if (isReset)
            {
                await UpstreamCall.BreakOffAsync();
            }
        });

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.Contains("\"text\":\"Hel\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("message_stop", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: [DONE]\n\n")]
    public async Task Stream_with_its_reason_to_end_is_whole_without_the_last_event(string end)
    {
        var answer = await AskMessageAsync(AskMessageStream, call => call.EventsAsync(
            Message.Start, Message.Text(0, "Hello"), Message.Delta("end_turn"), end.Length > 0 ? end : ": nothing\n\n"));

        Assert.True(answer.IsWhole);
        Assert.EndsWith(Message.Stop, answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data: nonsense\n\n")]
    [InlineData("data: [1]\n\n")]
    [InlineData("")]
    public async Task Answer_that_is_no_stream_of_a_message_is_an_error(string events)
    {
        var answer = await AskMessageAsync(AskMessageStream, call => call.EventsAsync(events));

        Assert.Equal(502, answer.Status);
        Assert.Equal("api_error", (string?)JsonNode.Parse(answer.Body)!["error"]!["type"]);
    }
}
