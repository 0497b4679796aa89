using System.Net;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

public sealed class ChatPassThroughTests
{
    private const string Answer =
        """{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"backend-model-2024","choices":[{"index":0,"message":{"role":"assistant","content":"Hello!"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20},"vendor":{"model":"kept"}}""";

    [Fact]
    public async Task Request_and_answer_are_byte_identical_but_for_the_model()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(Answer);
        await using var router = await RunningRouter.StartAsync(upstream);

        using var response = await router.PostAsync(
            "chat/completions", """{ "messages":[{"role":"user","content":"hi"}],  "model" : "public-model","x":1e400, "y":null }""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("/v1/chat/completions", upstream.Request.Target);
        Assert.Equal(
            """{ "messages":[{"role":"user","content":"hi"}],  "model" : "backend-model","x":1e400, "y":null }""",
            upstream.Request.Text);
        Assert.Equal(
            Answer.Replace("backend-model-2024", "public-model", StringComparison.Ordinal), await response.Content.ReadAsStringAsync(
                TestContext.Current.CancellationToken));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Stream_is_relayed_with_the_public_name_and_without_the_usage_nobody_asked_for()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            Chunk("""[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null"""),
            ": ping\n\n",
            Chunk("""[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}],"usage":null"""),
            Chunk("""[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null"""),
            Chunk("""[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"""),
            "data: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            """{"model":"public-model","messages":[{"role":"user","content":"hi"}],"stream":true}""");

        Assert.Equal(
            """{"stream_options":{"include_usage":true},"model":"backend-model","messages":[{"role":"user","content":"hi"}],"stream":true}""",
            upstream.Request.Text);
        Assert.Equal(200, response.Status);
        Assert.Equal("text/event-stream; charset=utf-8", response.Header("Content-Type"));
        Assert.True(response.IsWhole);
        Assert.Equal(
            """
            data: {"id":"c","created":1,"model":"public-model","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}

            data: {"id":"c","created":1,"model":"public-model","choices":[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]}

            data: {"id":"c","created":1,"model":"public-model","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            response.Body);
    }

    [Fact]
    public async Task R40_stream_broken_after_the_first_event_ends_in_an_error_event_without_terminator()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async call =>
        {
            await call.EventsAsync(Chunk("""[{"index":0,"delta":{"content":"Hel"},"finish_reason":null}]"""));
            await UpstreamCall.BreakOffAsync();
        });
        await using var router = await RunningRouter.StartAsync(upstream);

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","messages":[{}],"stream":true}""");

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Assert.EndsWith(
            "data: {\"error\":{\"message\":\"The backend's answer ended before it was complete.\",\"type\":\"server_error\"," +
            "\"param\":null,\"code\":\"backend_stream_broken\"}}\n\n",
            response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dead_backend_is_502_before_any_event()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream, backend => backend with { Url = new Uri("http://127.0.0.1:1/v1") });

        using var response = await router.PostAsync(
            "chat/completions", """{"model":"public-model","messages":[{}],"stream":true}""");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    private static string Chunk(string choices) =>
        $$"""data: {"id":"c","created":1,"model":"backend-model","choices":{{choices}}}""" + "\n\n";
}
