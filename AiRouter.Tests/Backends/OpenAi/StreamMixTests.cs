using System.Net;
using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Backends.OpenAi;

/// <summary><c>openai-api.md</c> §2.8: who streams to whom.</summary>
public sealed class StreamMixTests
{
    private const string ToolAnswer =
        """{"id":"chatcmpl-1","object":"chat.completion","created":7,"model":"backend-model","system_fingerprint":"fp","choices":[{"index":0,"message":{"role":"assistant","reasoning_content":"hm","content":"Hello","refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},"logprobs":null,"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""";

    [Fact]
    public async Task Whole_answer_becomes_a_stream()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(ToolAnswer);
        await using var router = await RunningRouter.StartAsync(upstream, target: t => t with { Stream = TargetStream.Never });

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions",
            """{"model":"public-model","stream":true,"stream_options":{"include_usage":true},"messages":[{}]}""");

        Assert.Equal("""{"model":"backend-model","stream":false,"messages":[{}]}""", upstream.Request.Text);
        Assert.True(response.IsWhole);
        Golden.Equal("json-to-stream.txt", response.Body);
    }

    [Fact]
    public async Task Stream_becomes_a_whole_answer_with_everything_put_together()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            Chunk("""{"index":1,"delta":{"role":"assistant","content":"B"},"finish_reason":null}"""),
            Chunk("""{"index":0,"delta":{"role":"assistant","content":"","reasoning_content":"h"},"logprobs":null,"finish_reason":null}"""),
            Chunk("""{"index":0,"delta":{"content":"Hel","reasoning_content":"m"},"logprobs":{"content":[{"token":"Hel"}],"refusal":null}}"""),
            Chunk("""{"index":0,"delta":{"content":"lo"},"logprobs":{"content":[{"token":"lo"}],"refusal":null}}"""),
            Chunk("""{"index":0,"delta":{"tool_calls":[{"index":1,"id":"c2","type":"function","function":{"name":"g","arguments":""}}]}}"""),
            Chunk("""{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{"}}]}}"""),
            Chunk("""{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","function":{"name":"f","arguments":"}"}}]}}"""),
            Chunk("""{"index":0,"delta":{},"finish_reason":"tool_calls"},{"index":1,"delta":{},"finish_reason":"stop"}"""),
            """data: {"id":"c","created":5,"model":"backend-model","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}""" + "\n\n",
            "data: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, target: t => t with { Stream = TargetStream.Always });

        using var response = await router.PostAsync("chat/completions", """{"model":"public-model","messages":[{}]}""");
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            """{"stream":true,"stream_options":{"include_usage":true},"model":"backend-model","messages":[{}]}""", upstream.Request.Text);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Golden.Equal("stream-to-json.json", JsonNode.Parse(answer)!.ToString() + "\n");
    }

    [Fact]
    public async Task Backend_that_streams_unasked_is_put_together_and_one_that_does_not_is_split()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal)
            ? call.JsonAsync(ToolAnswer)
            : call.EventsAsync(Chunk("""{"index":0,"delta":{"role":"assistant","content":"x"},"finish_reason":"stop"}"""), "data: [DONE]\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream);

        var streamed = await RawHttp.PostAsync(
            router.Root, "/v1/chat/completions", """{"model":"public-model","stream":true,"messages":[{}]}""");
        using var whole = await router.PostAsync("chat/completions", """{"model":"public-model","messages":[{}]}""");

        Assert.EndsWith("data: [DONE]\n\n", streamed.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"usage\"", streamed.Body, StringComparison.Ordinal);
        Assert.Contains("\"content\":\"x\"", await whole.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"index":0,"delta":{"content":"x"},"finish_reason":null}""", "data: [DONE]\n\n", 502)]
    [InlineData("""{"index":0,"delta":{"content":"x"},"finish_reason":null}""", "", 502)]
    [InlineData("""{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}""", "", 200)]
    [InlineData(
        """{"index":0,"delta":{"content":"x"},"finish_reason":"stop"}""",
        "data: {\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}\n\n", 400)]
    public async Task Half_a_stream_is_never_a_whole_answer(string choice, string end, int status)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(Chunk(choice), end));
        await using var router = await RunningRouter.StartAsync(upstream, target: t => t with { Stream = TargetStream.Always });

        using var response = await router.PostAsync("chat/completions", """{"model":"public-model","messages":[{}]}""");

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Response_of_the_responses_api_becomes_its_events()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            """{"id":"resp_1","object":"response","status":"completed","error":null,"model":"backend-model","output":[{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Hi","annotations":[]}]},{"id":"fc_1","type":"function_call","call_id":"c","name":"f","arguments":"{}"}],"usage":{"input_tokens":1,"output_tokens":2,"total_tokens":3}}""");
        await using var router = await RunningRouter.StartAsync(upstream, target: t => t with { Stream = TargetStream.Never });

        var response = await RawHttp.PostAsync(
            router.Root, "/v1/responses", """{"model":"public-model","stream":true,"input":"x"}""");

        Golden.Equal("responses-to-stream.txt", response.Body);
    }

    [Fact]
    public async Task Events_of_the_responses_api_become_the_response()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.EventsAsync(
            "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"model\":\"backend-model\"}}\n\n",
            "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"model\":\"backend-model\",\"x\":1.0}}\n\n"));
        await using var router = await RunningRouter.StartAsync(upstream, target: t => t with { Stream = TargetStream.Always });

        using var response = await router.PostAsync("responses", """{"model":"public-model","input":"x"}""");

        Assert.Equal(
            """{"id":"r","model":"public-model","x":1.0}""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static string Chunk(string choices) =>
        $$"""data: {"id":"c","object":"chat.completion.chunk","created":5,"model":"backend-model","choices":[{{choices}}]}""" + "\n\n";
}
