using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.EndToEnd;

/// <summary>
/// What reflection, generated code and files beside the program could break in a router that was compiled ahead of time: every way that
/// leads through such code once. <c>./airouter.sh test --native</c> runs it against that router.
/// </summary>
public sealed class WholeRouterTests(WholeRouter router) : IClassFixture<WholeRouter>
{
    private const string Answer =
        """{"id":"c","object":"chat.completion","created":1,"model":"backend-model","choices":[{"index":0,"message":{"role":"assistant","content":"Grüße","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}""";

    private const string Chunks =
        """
        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Grü"},"finish_reason":null}]}

        data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"ße","tool_calls":[{"index":0,"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}

        data: [DONE]


        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("jinja", "hello there", "[USER]hello there")]
    [InlineData("scriban", " hello ", "<USER>hello1:3.14:0")]
    [InlineData("shipped", "hello", "<|start_header_id|>user<|end_header_id|>")]
    public async Task Template_makes_the_prompt(string model, string content, string prompt)
    {
        var (status, body) = await router.PostAsync("chat/completions", Chat(model, content));

        Assert.True(status == 200, body);
        Assert.Contains(
            router.Triton.Requests, r => ((string?)r.Input("text_input")?.Values[0])?.Contains(prompt, StringComparison.Ordinal) is true);
        Assert.True((int?)JsonNode.Parse(body)!["usage"]!["prompt_tokens"] > 0, body);
    }

    [Fact]
    public async Task Template_refuses_and_says_why()
    {
        var (status, body) = await router.PostAsync("chat/completions", Chat("scriban", "refuse"));

        Assert.Equal(400, status);
        Assert.Contains("NOT ALLOWED", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokenizer_counts_what_is_too_long()
    {
        var (status, body) = await router.PostAsync("chat/completions", Chat("jinja", string.Join(' ', Enumerable.Repeat("Wörter", 400))));

        Assert.Equal(400, status);
        Assert.Contains("context_length_exceeded", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "\"name\":\"weather\"")]
    [InlineData(", \"tool_choice\": \"required\"", "\"usage\"")]
    public async Task Tools_are_shown_and_calls_are_read(string choice, string answer)
    {
        var (status, body) = await router.PostAsync("chat/completions", Chat(
            "jinja",
            """[[say:<tool_call>{\"name\": \"weather\", \"arguments\": {\"city\": \"Oslo\"}}</tool_call>]]""",
            """, "tools": [{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}},{"type":"function","function":{"name":"time"}}]""" + choice));

        Assert.True(status == 200 && body.Contains(answer, StringComparison.Ordinal), body);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"encoding_format\":\"base64\"")]
    public async Task Embeddings_are_answered(string members)
    {
        var (status, body) = await router.PostAsync("embeddings", $$"""{"model":"embed","input":["one","two"]{{members}}}""");

        Assert.True(status == 200, body);
        Assert.Equal(2, JsonNode.Parse(body)!["data"]!.AsArray().Count);
    }

    [Fact]
    public async Task Request_is_changed_on_its_way()
    {
        router.Upstream.Script = call => call.JsonAsync(Answer);
        var (status, body) = await router.PostAsync("chat/completions", Chat("chat", "Hi", """,  "user":"u", "seed": 1"""));

        Assert.True(status == 200, body);
        var sent = router.Upstream.Requests.Last(r => r.Text.Contains("safety_identifier", StringComparison.Ordinal)).Text;
        const string expected =
            """{"model":"backend-model","messages":[{"role":"user","content":"Hi"}],"safety_identifier":"u","top_k":3,"metadata":{"tags":["a","ü"]},"max_completion_tokens":77}""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(sent)), sent);
    }

    [Fact]
    public async Task Whole_answers_become_streams_and_streams_whole_answers()
    {
        router.Upstream.Script = call => call.Request.Text.Contains("\"stream\":true", StringComparison.Ordinal)
            ? call.EventsAsync(Chunks)
            : call.JsonAsync(Answer);
        var (_, streamed) = await router.PostAsync("chat/completions", Chat("whole", "Hi", ", \"stream\":true"));
        var (_, whole) = await router.PostAsync("chat/completions", Chat("streamed", "Hi"));

        Assert.EndsWith("data: [DONE]\n\n", streamed, StringComparison.Ordinal);
        Assert.Equal("Grüße", Events.Text(Events.Parse(streamed)));
        Assert.Equal("Grüße", (string?)JsonNode.Parse(whole)!["choices"]![0]!["message"]!["content"]);
    }

    [Fact]
    public async Task Objects_are_remembered_in_the_store_and_lists_filtered()
    {
        router.Upstream.Script = call => call.Request.Method == "POST"
            ? call.JsonAsync("""{"id":"file-1","object":"file"}""")
            : call.JsonAsync("""{"object":"list","data":[{"id":"file-1"},{"id":"file-2"}]}""");
        using var form = new MultipartFormDataContent { { new StringContent("batch"), "purpose" }, { new ByteArrayContent([1, 2]), "file", "f" } };
        Assert.Equal(200, (await router.SendAsync("POST", "files", form)).Status);

        Assert.Equal("""{"object":"list","data":[{"id":"file-1"}]}""", (await router.SendAsync("GET", "files", null)).Body);
    }

    [Fact]
    public async Task Upload_is_passed_on()
    {
        router.Upstream.Script = call => call.JsonAsync("""{"text":"hello"}""");
        using var form = new MultipartFormDataContent
        {
            { new StringContent("audio"), "model" }, { new ByteArrayContent(new byte[200_000]), "file", "a.wav" },
        };
        var (status, body) = await router.SendAsync("POST", "audio/transcriptions", form);

        Assert.True(status == 200, body);
        Assert.Equal("""{"text":"hello"}""", body);
    }

    [Fact]
    public async Task Error_is_json()
    {
        var (status, body) = await router.PostAsync("chat/completions", Chat("nobody", "Hi"));

        Assert.Equal(404, status);
        Assert.Equal("model_not_found", (string?)JsonNode.Parse(body)!["error"]!["code"]);
    }

    [Fact]
    public async Task Telemetry_is_scraped_and_pushed_and_each_request_has_its_line()
    {
        router.Upstream.Script = call => call.JsonAsync(Answer);
        await router.PostAsync("chat/completions", Chat("chat", "Hi"));

        await Eventually.HoldsAsync(async () => (await router.Http.GetStringAsync("/metrics", Token)) is var text
            && text.Contains("gen_ai_server_request_duration_seconds_count", StringComparison.Ordinal)
            && text.Contains("airouter_store_up", StringComparison.Ordinal));
        Assert.NotNull(await router.Collector.SpanAsync(s => s.Name.StartsWith("chat", StringComparison.Ordinal)));
        await Eventually.HoldsAsync(() => router.Output.Contains("chat", StringComparison.Ordinal));
        Assert.Contains("\"store\"", await router.Http.GetStringAsync("/health/ready", Token), StringComparison.Ordinal);
    }

    private static string Chat(string model, string content, string members = "") => new StringBuilder()
        .Append("""{"model":""").Append('"').Append(model).Append("\",").Append("\"messages\":[{\"role\":\"user\",\"content\":\"")
        .Append(content).Append("\"}]").Append(members).Append('}').ToString();
}
