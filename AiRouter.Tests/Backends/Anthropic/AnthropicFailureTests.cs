using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;
using static AiRouter.Tests.Backends.Anthropic.AnthropicRouter;

namespace AiRouter.Tests.Backends.Anthropic;

/// <summary>What comes of the failures of a backend of kind <c>anthropic</c> that chat is translated for.</summary>
public sealed class AnthropicFailureTests
{
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
}
