using System.Text.Json;
using AiRouter.Tests.Telemetry.Otlp;

namespace AiRouter.Tests.Telemetry;

/// <summary>Prompts and completions on spans, where an operator has asked for them; over HTTP/protobuf.</summary>
public sealed class MessageContentTests(MessageContentTests.Asked asked) : IClassFixture<MessageContentTests.Asked>
{
    private const string Tools =
        """
        "tools":[{"type":"function","function":{"name":"look_up","description":"Looks up.","parameters":{"type":"object"}}}],"stop":"WORD"
        """;

    private TracedRouter Router => asked.Router;

    [Theory]
    [InlineData(false, "length")]
    [InlineData(true, "stop")]
    public async Task Messages_of_a_chat_are_on_the_attempt_as_Aspire_shows_them(bool stream, string finish)
    {
        var (trace, status, _, _) = await Router.ChatAsync(
            "public-model", "say \\\"hi\\\" + more", $"{Tools},\"stream\":{(stream ? "true" : "false")}");
        Assert.Equal(200, status);
        var request = await Router.RequestSpanAsync(trace);
        var attempt = Assert.Single(Router.Attempts(trace));

        AssertJson(
            """
            [{"role":"system","parts":[{"type":"text","content":"RULES"}]},
             {"role":"user","parts":[{"type":"text","content":"say \"hi\" + more"}]}]
            """,
            attempt, "gen_ai.input.messages");
        AssertJson(
            $$"""[{"role":"assistant","parts":[{"type":"text","content":"COMPLETION"}],"finish_reason":"{{finish}}"}]""",
            attempt, "gen_ai.output.messages");
        AssertJson(
            """[{"type":"function","name":"look_up","description":"Looks up.","parameters":{"type":"object"}}]""",
            attempt, "gen_ai.tool.definitions");
        Assert.Equal(["WORD"], Assert.IsType<object?[]>(attempt["gen_ai.request.stop_sequences"]));

        // Once is enough, and the dashboard looks at the span of the call.
        Assert.Null(request["gen_ai.input.messages"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_of_a_translated_chat_are_there_too(bool stream)
    {
        var (trace, status, _, _) = await Router.ChatAsync("gpu-model", "[[say:a b c]]", $"\"stream\":{(stream ? "true" : "false")}");
        Assert.Equal(200, status);
        await Router.RequestSpanAsync(trace);

        AssertJson(
            """[{"role":"assistant","parts":[{"type":"text","content":"a b c"}],"finish_reason":"stop"}]""",
            Assert.Single(Router.Attempts(trace)), "gen_ai.output.messages");
    }

    [Theory]
    [InlineData("responses", "\"input\":\"[[say:a b c]]\",\"instructions\":\"RULES\"", false)]
    [InlineData("responses", "\"input\":\"[[say:a b c]]\",\"instructions\":\"RULES\"", true)]
    [InlineData("messages", "\"max_tokens\":50,\"system\":\"RULES\",\"messages\":[{\"role\":\"user\",\"content\":\"[[say:a b c]]\"}]", false)]
    [InlineData("messages", "\"max_tokens\":50,\"system\":\"RULES\",\"messages\":[{\"role\":\"user\",\"content\":\"[[say:a b c]]\"}]", true)]
    public async Task What_clients_of_other_dialects_sent_and_were_sent_is_there(string path, string members, bool stream)
    {
        var (trace, status, body, _) = await Router.PostAsync(
            path, $$"""{"model":"gpu-model",{{members}},"stream":{{(stream ? "true" : "false")}}}""");
        Assert.True(status == 200, body);
        await Router.RequestSpanAsync(trace);
        var attempt = Assert.Single(Router.Attempts(trace));

        AssertJson("""[{"type":"text","content":"RULES"}]""", attempt, "gen_ai.system_instructions");
        AssertJson("""[{"role":"user","parts":[{"type":"text","content":"[[say:a b c]]"}]}]""", attempt, "gen_ai.input.messages");
        AssertJson(
            """[{"role":"assistant","parts":[{"type":"text","content":"a b c"}],"finish_reason":"stop"}]""", attempt, "gen_ai.output.messages");
    }

    [Fact]
    public async Task Credentials_and_pictures_are_taken_out_of_content()
    {
        var picture = "data:image/png;base64," + new string('A', 4000);
        var (trace, _, _, _) = await Router.ChatAsync("public-model", $"my key is sk-air-0123456789abcdefghij and {picture}");
        await Router.RequestSpanAsync(trace);
        var input = Assert.IsType<string>(Assert.Single(Router.Attempts(trace))["gen_ai.input.messages"]);

        Assert.Contains("my key is [redacted] and data:image/png;base64,…", input, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_that_failed_leaves_no_content_of_it()
    {
        var (trace, _, _, _) = await Router.ChatAsync("one-try", "FAIL-ALWAYS");
        await Router.RequestSpanAsync(trace);
        var attempt = Assert.Single(Router.Attempts(trace));

        Assert.NotNull(attempt["gen_ai.input.messages"]);
        Assert.Null(attempt["gen_ai.output.messages"]);
        Assert.False(Router.Collector.HasReceived("trace", "UPSTREAM-TEXT"));
    }

    [Fact]
    public async Task Router_says_at_its_start_that_content_is_sent()
    {
        var warning = await Router.Collector.LogAsync(static log => log.Severity == "Warning" && log.Body is string body
            && body.StartsWith("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT is set", StringComparison.Ordinal));

        Assert.Equal("AiRouter.Api.Telemetry.RequestTracing", warning.Category);
    }

    private static void AssertJson(string expected, ReceivedSpan span, string attribute)
    {
        using var wanted = JsonDocument.Parse(expected);
        using var actual = JsonDocument.Parse(Assert.IsType<string>(span[attribute]));
        Assert.True(JsonElement.DeepEquals(wanted.RootElement, actual.RootElement), $"{attribute}: {span[attribute]}");
    }

    /// <summary>A router that was asked for content.</summary>
    public sealed class Asked : IAsyncLifetime
    {
        internal TracedRouter Router { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Router = await TracedRouter.StartAsync(overHttp: true, ("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true"));

        public ValueTask DisposeAsync() => Router.DisposeAsync();
    }
}
