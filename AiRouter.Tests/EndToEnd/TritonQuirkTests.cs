using System.Text.Json;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>The repairs of <c>triton.md</c> §3 that a client can see, each under its number.</summary>
public sealed class TritonQuirkTests
{
    private const string Path = "chat/completions";
    private const string Streaming = "\"stream\":true, \"stream_options\":{\"include_usage\":true}";

    [Theory]
    [InlineData("bls", true)]
    [InlineData("bls", false)]
    [InlineData("chat", false)]
    [InlineData("llm-api", true)]
    public async Task Quirk_2_cumulative_and_delta_text_arrive_as_what_is_new(string model, bool accumulates)
    {
        await using var router = await StartAsync(options: new SimulatorOptions { AccumulateTokens = accumulates });
        var events = await StreamAsync(router, "[[say:ha ha ha ha]]", model);

        Assert.Equal("ha ha ha ha", Events.Text(events));
    }

    [Theory]
    [InlineData("streamText: cumulative", "ha ha ha")]
    [InlineData("streamText: auto", "ha ha ha")]
    [InlineData("streamText: delta", "haha haha ha ha")]
    public async Task R14_configuration_says_what_streamed_text_is(string setting, string expected)
    {
        await using var router = await StartAsync(
            $"  told: {{ targets: [ {{ backend: gpu, model: tensorrt_llm_bls, {setting} }} ] }}");

        Assert.Equal(expected, Events.Text(await StreamAsync(router, "[[say:ha ha ha]]", "told")));
    }

    [Theory]
    [InlineData("chat", "[[split]]")]
    [InlineData("vllm", "[[split]]")]
    [InlineData("bls", "[[split]][[fffd]]")]
    public async Task Quirk_3_split_characters_come_whole(string model, string how)
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat($"[[say:a 🙂 ü€ b]]{how}", Streaming, model));

        Assert.DoesNotContain('\uFFFD', response.Body);
        Assert.Equal("a 🙂 ü€ b", Events.Text(Events.Parse(response.Body)));
    }

    [Theory]
    [InlineData("chat", "v0.20.0")]
    [InlineData("chat", "v0.8.0")]
    [InlineData("vllm", "v0.20.0")]
    [InlineData("llm-api", "v0.20.0")]
    public async Task Quirk_4_prompt_is_not_echoed(string model, string release)
    {
        await using var router = await StartAsync(options: new SimulatorOptions { Release = release });
        var answer = await router.JsonAsync(Path, Chat("[[say:only this]]", model: model));

        Assert.Equal("only this", ContentOf(answer));
    }

    [Fact]
    public async Task Quirk_5_stop_word_that_stays_in_the_text_is_cut()
    {
        await using var router = await StartAsync();
        var answer = await router.JsonAsync(Path, Chat("[[say:one two three]]", "\"stop\":[\" two\"]"));

        Assert.Equal("one", ContentOf(answer));
        Assert.Equal("stop", FinishOf(answer));
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("bls")]
    [InlineData("generic")]
    public async Task Quirk_6_finish_reason_is_there_without_the_model_telling(string model)
    {
        await using var router = await StartAsync();

        Assert.Equal("stop", Events.Finish(await StreamAsync(router, "[[say:one two]]", model)));
        Assert.Equal("stop", FinishOf(await router.JsonAsync(Path, Chat("[[say:one two]]", model: model))));
    }

    [Fact]
    public async Task Quirk_7_usage_is_the_models_where_it_counts()
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat("[[say:one two three]]", Streaming, "vllm"));
        var usage = Events.Parse(response.Body)[^1].GetProperty("usage");

        Assert.Null(response.Header("x-airouter-usage"));
        Assert.False(usage.TryGetProperty("estimated", out _));
        Assert.Equal(3, usage.GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Quirk_7_usage_is_estimated_and_marked_where_it_does_not(bool stream)
    {
        await using var router = await StartAsync(options: new SimulatorOptions { Release = "v0.8.0" });
        var response = await router.RawAsync(Path, Chat("[[say:one two three]]", stream ? Streaming : ""));
        var usage = stream
            ? Events.Parse(response.Body)[^1].GetProperty("usage")
            : JsonDocument.Parse(response.Body).RootElement.GetProperty("usage");

        Assert.Equal("estimated", response.Header("x-airouter-usage"));
        Assert.True(usage.GetProperty("estimated").GetBoolean());
        Assert.True(usage.GetProperty("prompt_tokens").GetInt32() > 0);
        Assert.True(usage.GetProperty("completion_tokens").GetInt32() > 0);
        Assert.Equal(
            usage.GetProperty("prompt_tokens").GetInt32() + usage.GetProperty("completion_tokens").GetInt32(),
            usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task Quirk_8_flags_only_final_ends_the_answer()
    {
        await using var router = await StartAsync();
        var events = await StreamAsync(router, "[[say:one]]", "bls");

        Assert.Equal("one", Events.Text(events));
        Assert.Equal(true, router.Sent[0].Parameters["triton_enable_empty_final_response"]);
        Assert.Equal(RequestOutcome.Completed, router.Sent[0].Outcome);
    }

    [Fact]
    public async Task Quirk_8_empty_responses_make_no_chunks()
    {
        await using var router = await StartAsync();
        var events = await StreamAsync(router, "[[say:one two]][[empties]]", "chat");

        Assert.Equal("one two", Events.Text(events));
        Assert.Equal(5, events.Count);
    }

    [Theory]
    [InlineData("close-after:2")]
    [InlineData("reset-after:2")]
    [InlineData("drop-after:2")]
    [InlineData("malformed-after:2")]
    [InlineData("status-after:2:UNAVAILABLE")]
    public async Task Stream_that_breaks_never_looks_finished(string fault)
    {
        // A reset throws away what was not read yet; the delay lets the first token through.
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat($"[[say:one two three]][[delay:100]][[{fault}]]", Streaming));

        Assert.Equal(200, response.Status);
        Assert.False(response.IsWhole);
        Assert.Contains("\"content\":\"one\"", response.Body, StringComparison.Ordinal);
        Assert.EndsWith("}}\n\n", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", response.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("close-after:1")]
    [InlineData("reset-after:1")]
    [InlineData("error-after:1:x")]
    public async Task Whole_answer_that_breaks_is_502(string fault)
    {
        await using var router = await StartAsync("  piecewise: { targets: [ { backend: gpu, model: ensemble, stream: always } ] }");

        Assert.Equal(502, (await router.ErrorAsync(Path, Chat($"[[say:one two]][[{fault}]]", model: "piecewise"))).Status);
    }

    [Fact]
    public async Task Quirk_11_greedy_is_top_k_1_and_sampling_is_switched_on()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"temperature\":0"));
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"temperature\":0.5"));

        Assert.Equal(1L, router.Sent[0].Input("top_k")!.Values[0]);
        Assert.Equal(1f, router.Sent[1].Input("top_p")!.Values[0]);
        Assert.Equal(0.5f, router.Sent[1].Input("temperature")!.Values[0]);
    }

    [Fact]
    public async Task Quirk_12_end_token_in_the_text_ends_the_answer_and_is_not_shown()
    {
        await using var router = await StartAsync(
            "  ended: { targets: [ { backend: gpu, model: ensemble } ], endTokens: [\"<|eot_id|>\", \"</s>\"] }");
        var events = Events.Parse((await router.RawAsync(Path, Chat("[[say:one </s> two]]", Streaming, "ended"))).Body);

        Assert.Equal("one ", Events.Text(events));
        Assert.Equal("stop", Events.Finish(events));
        Assert.Equal(["<|eot_id|>", "</s>"], router.Sent[0].Input("stop_words")!.Values);
    }

    [Fact]
    public async Task Quirk_12_default_end_token_is_cut_but_not_sent()
    {
        await using var router = await StartAsync();
        var answer = await router.JsonAsync(Path, Chat("[[say:one </s> two]]"));
        var stopped = await router.JsonAsync(Path, Chat("[[say:one]]", "\"stop\":\"END\""));

        Assert.Equal("one ", ContentOf(answer));
        Assert.Equal("one", ContentOf(stopped));
        Assert.Null(router.Sent[0].Input("stop_words"));
        Assert.Equal(["END"], router.Sent[1].Input("stop_words")!.Values);
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("vllm")]
    public async Task Quirk_15_prompt_begins_with_the_first_message_and_no_BOS_of_ours(string model)
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:x]]", model: model));

        Assert.Equal("User: [[say:x]]\nASSISTANT:", router.Sent[0].Input("text_input")!.Values[0]);
    }

    [Fact]
    public async Task Quirk_17_marker_tokens_are_text_where_the_model_keeps_them_and_400_where_it_cannot()
    {
        await using var router = await StartAsync();
        var kept = await router.JsonAsync(Path, Chat("[[say:<|python_tag|>f()]]", "\"skip_special_tokens\":false", "vllm"));
        var refused = await router.ErrorAsync(Path, Chat("[[say:x]]", "\"skip_special_tokens\":false"));

        Assert.Equal("<|python_tag|>f()", ContentOf(kept));
        Assert.Contains(
            "\"skip_special_tokens\":false", (string)router.Sent[0].Input("sampling_parameters")!.Values[0], StringComparison.Ordinal);
        Assert.Equal((400, "skip_special_tokens"), (refused.Status, refused.Param));
    }

    [Fact]
    public async Task Quirk_10_batch_dimension_goes_where_the_model_has_one()
    {
        await using var router = await StartAsync();
        await router.JsonAsync(Path, Chat("[[say:x]]", "\"stop\":[\"a\",\"b\"]"));
        await router.JsonAsync(Path, Chat("[[say:x]]", model: "vllm"));

        Assert.Equal([1L, 1L], router.Sent[0].Input("text_input")!.Shape);
        Assert.Equal([1L, 2L], router.Sent[0].Input("stop_words")!.Shape);
        Assert.Equal([1L], router.Sent[1].Input("text_input")!.Shape);
    }

    [Fact]
    public async Task Quirk_15_text_in_the_end_tokens_is_cut_as_well()
    {
        await using var router = await StartAsync(
            "  ended: { targets: [ { backend: gpu, model: ensemble } ], endTokens: [\"assistant\\n\\n\"] }");
        var answer = await router.JsonAsync(Path, Chat("[[say:done assistant\\n\\n]]", model: "ended"));

        Assert.Equal("done ", ContentOf(answer));
    }

    [Fact]
    public async Task Quirk_16_vllm_finish_reason_is_none_until_the_end()
    {
        await using var router = await StartAsync();
        var events = await StreamAsync(router, "[[say:one two]]", "vllm");

        Assert.Equal("stop", Events.Finish(events));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Logprobs_go_with_the_text_and_are_cut_with_it(bool stream)
    {
        await using var router = await StartAsync();
        var response = await router.RawAsync(Path, Chat(
            "[[say:one two three]]",
            "\"logprobs\":true, \"top_logprobs\":2, \"stop\":\"NEVER\"" + (stream ? ", \"stream\":true" : ""), "vllm"));
        var logProbs = stream
            ? Events.Parse(response.Body).Select(e => e.GetProperty("choices")[0].GetProperty("logprobs")).ToList()
            : [JsonDocument.Parse(response.Body).RootElement.GetProperty("choices")[0].GetProperty("logprobs")];
        if (stream)
        {
            Assert.Equal("""{"content":[],"refusal":null}""", logProbs[0].GetRawText());
            Assert.Equal(JsonValueKind.Null, logProbs[^1].ValueKind);
        }

        var tokens = logProbs.Where(l => l.ValueKind == JsonValueKind.Object)
            .SelectMany(l => l.GetProperty("content").EnumerateArray()).ToList();
        Assert.Equal(["one", " two", " three"], tokens.Select(t => t.GetProperty("token").GetString()));
        Assert.Equal(
            " two"u8.ToArray(), tokens[1].GetProperty("bytes").EnumerateArray().Select(b => b.GetByte()).ToArray());
        Assert.All(tokens, t => Assert.Equal(2, t.GetProperty("top_logprobs").GetArrayLength()));
    }

    [Fact]
    public async Task R16_logprobs_behind_a_stop_text_are_not_told()
    {
        await using var router = await StartAsync();
        var answer = await router.JsonAsync(Path, Chat("[[say:one two three]]", "\"logprobs\":true, \"stop\":\"wo\"", "vllm"));
        var tokens = answer.GetProperty("choices")[0].GetProperty("logprobs").GetProperty("content").EnumerateArray();

        Assert.Equal("one t", ContentOf(answer));
        Assert.Equal(["one", " t"], tokens.Select(t => t.GetProperty("token").GetString()));
    }

    private static async Task<IReadOnlyList<JsonElement>> StreamAsync(TritonRouter router, string content, string model) =>
        Events.Parse((await router.RawAsync(Path, Chat(content, Streaming, model))).Body);

    private static string? ContentOf(JsonElement answer) =>
        answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();

    private static string? FinishOf(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString();
}
