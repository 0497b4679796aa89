using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

public sealed class TritonChatTests
{
    private const string Path = "chat/completions";

    [Fact]
    public async Task Whole_answer_has_the_golden_bytes()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:Hello, \"wörld\"! 🙂]]"));

        Assert.Equal(200, response.Status);
        Assert.Equal("application/json", response.Header("Content-Type"));
        Assert.Null(response.Header("x-airouter-usage"));
        Golden.Equal("chat-whole.json", response.Body);
    }

    [Theory]
    [InlineData("chat-stream.sse", "\"stream\":true")]
    [InlineData("chat-stream-usage.sse", "\"stream\":true, \"stream_options\":{\"include_usage\":true}")]
    public async Task Stream_has_the_golden_bytes(string golden, string members)
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:Hello, \"wörld\"! 🙂]]", members));

        Assert.Equal(200, response.Status);
        Assert.True(response.IsWhole);
        Assert.Equal("text/event-stream; charset=utf-8", response.Header("Content-Type"));
        Assert.Equal("no-cache", response.Header("Cache-Control"));
        Assert.Null(response.Header("x-airouter-usage"));
        Golden.Equal(golden, response.Body);
    }

    [Fact]
    public async Task Messages_become_the_plain_prompt()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path,
            """
            {"model":"chat","messages":[{"role":"developer","content":"Be brief."},
             {"role":"user","name":"Bob","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
             {"role":"assistant","content":null,"refusal":"no","tool_calls":[]},{"role":"tool","tool_call_id":"1","content":"4"},
             {"role":"user","content":"[[say:x]]"}]}
            """);

        Assert.Equal(
            "System: Be brief.\nUser Bob: ab\nAssistant: no\nTool: 4\nUser: [[say:x]]\nASSISTANT:",
            router.Sent[0].Input("text_input")!.Values[0]);
    }

    [Theory]
    [InlineData("", 1024)]
    [InlineData("\"max_tokens\":7", 7)]
    [InlineData("\"max_tokens\":7, \"max_completion_tokens\":9", 9)]
    [InlineData("\"max_tokens\":null", 1024)]
    [InlineData("", 33, "limited")]
    [InlineData("\"max_tokens\":40", 40, "limited")]
    public async Task R9_token_limit_is_the_requests_else_the_models_else_the_servers(
        string members, int expected, string model = "chat")
    {
        await using var router = await StartAsync(
            "  limited: { targets: [ { backend: gpu, model: ensemble } ], maxTokens: { default: 33, max: 40 } }");
        await router.JsonAsync(Path, Chat("[[say:x]]", members, model));

        Assert.Equal((long)expected, router.Sent[0].Input("max_tokens")!.Values[0]);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task R9_more_than_the_models_limit_is_400(string name)
    {
        await using var router = await StartAsync(
            "  limited: { targets: [ { backend: gpu, model: ensemble } ], maxTokens: { max: 40 } }");
        var error = await router.ErrorAsync(Path, Chat("x", $"\"{name}\":41", "limited"));

        Assert.Equal((400, name), (error.Status, error.Param));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("vllm")]
    [InlineData("llm-api")]
    [InlineData("bls")]
    public async Task Answer_that_reaches_the_token_limit_ends_with_length(string model)
    {
        await using var router = await StartAsync();
        var events = Events.Parse((await router.RawAsync(
            Path, Chat("[[say:one two three four]]", "\"max_tokens\":2, \"stream\":true", model))).Body);

        Assert.Equal("one two", Events.Text(events));
        Assert.Equal("length", Events.Finish(events));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task R13_choices_come_from_generations_of_their_own_and_the_prompt_counts_once(bool stream)
    {
        await using var router = await StartAsync();
        var one = await router.JsonAsync(Path, Chat("[[say:a b c]]"));
        router.Triton.ClearRequests();
        var members = "\"n\":3, \"seed\":5" + (stream ? ", \"stream\":true, \"stream_options\":{\"include_usage\":true}" : "");
        var body = (await router.RawAsync(Path, Chat("[[say:a b c]]", members))).Body;
        var last = stream ? Events.Parse(body)[^1] : System.Text.Json.JsonDocument.Parse(body).RootElement;

        var usage = last.GetProperty("usage");
        Assert.Equal(
            one.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(9, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(
            [5ul, 6ul, 7ul], router.Sent.Select(s => s.Input("seed")!.Values[0]).Cast<ulong>().Order());
        Assert.Equal(3, router.Sent.Select(s => s.Id).Distinct().Count());
        if (stream)
        {
            var events = Events.Parse(body);
            Assert.Equal(
                [0, 1, 2], events.Take(3).Select(e => e.GetProperty("choices")[0].GetProperty("index").GetInt32()));
            Assert.All(events.Take(3), e => Assert.Equal(
                "assistant", e.GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString()));
            Assert.All(Enumerable.Range(0, 3), i => Assert.Equal("a b c", Events.Text(events, i)));
            Assert.All(Enumerable.Range(0, 3), i => Assert.Equal("stop", Events.Finish(events, i)));
        }
        else
        {
            Assert.Equal(
                [0, 1, 2], last.GetProperty("choices").EnumerateArray().Select(c => c.GetProperty("index").GetInt32()));
        }
    }

    [Fact]
    public async Task R13_more_than_maxN_choices_are_400()
    {
        await using var router = await StartAsync();

        Assert.Equal((400, "n"), Short(await router.ErrorAsync(Path, Chat("x", "\"n\":9"))));
        Assert.Equal((400, "n"), Short(await router.ErrorAsync(Path, Chat("x", "\"n\":0"))));
    }

    [Fact]
    public async Task R16_stop_text_across_chunks_is_cut_and_the_backend_is_stopped_at_once()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(
            Path, Chat("[[say:one two three four five]][[tokens:500]][[delay:20]]",
                "\"stop\":[\"wo thr\"], \"max_tokens\":500, \"stream\":true, \"stream_options\":{\"include_usage\":true}"));
        var events = Events.Parse(response.Body);

        Assert.Equal("one t", Events.Text(events));
        Assert.Equal("stop", Events.Finish(events));
        // What was generated, not what was shown.
        Assert.Equal(3, events[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        await router.Sent[0].Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(RequestOutcome.Cancelled, router.Sent[0].Outcome);
        Assert.InRange(router.Sent[0].Tokens, 3, 5);
    }

    [Fact]
    public async Task R16_stop_text_is_cut_from_a_whole_answer_too()
    {
        await using var router = await StartAsync();
        var answer = await router.JsonAsync(Path, Chat("[[say:one two three]]", "\"stop\":\"o th\""));

        Assert.Equal("one tw", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Part_of_a_stop_text_at_the_end_is_text()
    {
        await using var router = await StartAsync();
        var events = Events.Parse((await router.RawAsync(
            Path, Chat("[[say:one two]]", "\"stop\":[\"two three\"], \"stream\":true"))).Body);

        Assert.Equal("one two", Events.Text(events));
    }

    [Theory]
    [InlineData("always", false, true)]
    [InlineData("never", true, false)]
    [InlineData("backend", true, true)]
    [InlineData("backend", false, false)]
    public async Task Stream_mix_asks_the_backend_as_the_target_says(string mix, bool client, bool backend)
    {
        await using var router = await StartAsync(
            $"  mixed: {{ targets: [ {{ backend: gpu, model: ensemble, stream: {mix} }} ] }}");
        var body = (await router.RawAsync(
            Path, Chat("[[say:a b c]]", client ? "\"stream\":true" : "", "mixed"))).Body;

        Assert.Equal(backend, router.Sent[0].Input("stream")?.Values[0] ?? false);
        var text = client
            ? Events.Text(Events.Parse(body))
            : System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("choices")[0].GetProperty("message")
                .GetProperty("content").GetString();
        Assert.Equal("a b c", text);
    }

    [Fact]
    public async Task Quirk_13_model_that_is_not_decoupled_streams_in_one_piece()
    {
        await using var router = await StartAsync(options: new SimulatorOptions { Decoupled = false });
        var events = Events.Parse((await router.RawAsync(Path, Chat("[[say:a b c]]", "\"stream\":true"))).Body);

        Assert.Equal("a b c", Events.Text(events));
        Assert.Equal("stop", Events.Finish(events));
    }

    [Fact]
    public async Task Request_id_and_trace_context_reach_the_backend()
    {
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:x]]"), $"x-request-id: mine\r\ntraceparent: {Trace}\r\n");

        Assert.Equal("mine", response.Header("x-request-id"));
        Assert.Equal("mine", router.Sent[0].Id);
        Assert.Equal("mine", router.Sent[0].Metadata["x-request-id"]);
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", router.Sent[0].Metadata["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task R13_calls_of_further_choices_have_ids_of_their_own_and_the_requests_metadata()
    {
        await using var router = await StartAsync();
        await router.RawAsync(Path, Chat("[[say:x]]", "\"n\":3"), "x-request-id: mine\r\n");

        Assert.Equal(["mine", "mine-1", "mine-2"], router.Sent.Select(s => s.Id).Order(StringComparer.Ordinal));
        Assert.All(router.Sent, s => Assert.Equal("mine", s.Metadata["x-request-id"]));
    }

    [Fact]
    public async Task R13_largest_seed_has_room_for_further_choices()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"n\":2, \"seed\":9223372036854775807", "vllm"));

        Assert.Equal(2, router.Sent.Count);
    }

    [Fact]
    public async Task R2_only_the_backends_own_credential_reaches_it()
    {
        await using var router = await StartAsync(backend: "apiKey: env:AIROUTER_SECRET_BACKEND, headers: { x-tenant: a }");
        await router.RawAsync(Path, Chat("[[say:x]]"), "Authorization: Bearer sk-client\r\nx-api-key: sk-client\r\n");

        Assert.Equal("Bearer " + FixedConfiguration.BackendSecret, router.Sent[0].Metadata["authorization"]);
        Assert.Equal("a", router.Sent[0].Metadata["x-tenant"]);
        Assert.DoesNotContain(router.Sent[0].Metadata, m => m.Value.Contains("sk-client", StringComparison.Ordinal));
    }

    [Fact]
    public async Task R20_messages_are_merged_where_the_model_wants_it()
    {
        await using var router = await StartAsync(
            "  merged: { targets: [ { backend: gpu, model: ensemble } ], messageRepair: merge }");
        await router.JsonAsync(Path,
            """{"model":"merged","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"system","content":"s"}]}""");

        Assert.Equal("System: s\nUser: a\n\nb\nASSISTANT:", router.Sent[0].Input("text_input")!.Values[0]);
    }

    private static (int, string?) Short((int Status, string Message, string? Param, string? Code) error) =>
        (error.Status, error.Param);
}
