using System.Text.Json;
using static AiRouter.Tests.EndToEnd.ToolModels;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Tool calls over Triton: tools into the prompt, calls out of the text.</summary>
public sealed class TritonToolTests
{
    [Theory]
    [InlineData("hermes", false)]
    [InlineData("hermes", true)]
    [InlineData("mixed", false)]
    [InlineData("whole", true)]
    public async Task Call_in_the_text_is_a_call_of_the_answer(string model, bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(Say, stream, Tools, model));

        var call = Assert.Single(message.Calls);
        Assert.Matches("^call_[A-Za-z0-9]{24}$", call.Id);
        Assert.Equal(("weather", """{"city": "Oslo"}"""), (call.Name, call.Arguments));
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reasoning_content_and_several_calls_are_all_there(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        const string Second = """<tool_call>{"name": "time", "arguments": {}}</tool_call>""";
        var message = await AnswerAsync(
            router, Ask($"[[say:<think>hm</think>I look.{Call}\\n{Second}]]", stream, Tools));

        Assert.Equal(("hm", "I look.", "tool_calls"), (message.Reasoning, message.Content, message.FinishReason));
        Assert.Equal(["weather", "time"], message.Calls.Select(c => c.Name));
        Assert.Equal("{}", message.Calls[1].Arguments);
        Assert.Equal(2, message.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public async Task Arguments_are_streamed_as_they_come()
    {
        await using var router = await StartAsync(Yaml);
        var body = (await router.RawAsync(Operation, Ask(Say, stream: true, Tools))).Body;
        var deltas = Events.Parse(body).SelectMany(e => e.GetProperty("choices").EnumerateArray())
            .Select(c => c.GetProperty("delta")).ToList();

        Assert.Equal("""{"role":"assistant","content":null,"refusal":null}""", deltas[0].GetRawText());
        var calls = deltas.Where(d => d.TryGetProperty("tool_calls", out _)).ToList();
        Assert.True(calls.Count > 4, body);
        Assert.Equal("{}", deltas[^1].GetRawText());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Malformed_call_is_content(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        const string Text = """<tool_call>{"name": "unknown", "arguments": {}}</tool_call>""";
        var message = await AnswerAsync(router, Ask($"[[say:{Text}]]", stream, Tools));

        Assert.Equal((Text, "stop"), (message.Content, message.FinishReason));
        Assert.Empty(message.Calls);
    }

    [Fact]
    public async Task Tools_are_shown_to_the_model_and_what_may_not_be_called_is_not()
    {
        await using var router = await StartAsync(Yaml);
        await AnswerAsync(router, Ask("[[say:x]]", false, Tools));
        await AnswerAsync(router, Ask("[[say:x]]", false, Tools + """
            , "tool_choice":{"type":"allowed_tools","allowed_tools":
             {"mode":"auto","tools":[{"type":"function","function":{"name":"time"}}]}}
            """));

        var prompts = router.Sent.Select(s => (string)s.Input("text_input")!.Values[0]!).ToList();
        Assert.Contains("\"weather\"", prompts[0], StringComparison.Ordinal);
        Assert.Contains("\"time\"", prompts[0], StringComparison.Ordinal);
        Assert.DoesNotContain("weather", prompts[1], StringComparison.Ordinal);
        Assert.Contains("\"time\"", prompts[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_limit_in_the_middle_of_a_call_is_told_and_what_came_is_there(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var all = await AnswerAsync(router, Ask(Say, stream, Tools));
        var tokens = all.Usage.GetProperty("completion_tokens").GetInt32();
        var message = await AnswerAsync(router, Ask(Say, stream, Tools + $", \"max_tokens\":{tokens - 8}"));

        Assert.Equal("length", message.FinishReason);
        var call = Assert.Single(message.Calls);
        Assert.StartsWith("{\"city", call.Arguments, StringComparison.Ordinal);
        Assert.DoesNotContain('}', call.Arguments);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R16_stop_text_in_the_content_before_a_call_ends_the_answer_and_one_in_a_call_does_not(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var stopped = await AnswerAsync(
            router, Ask($"[[say:I look STOP {Call}]]", stream, Tools + ", \"stop\":\" STOP\""));
        var called = await AnswerAsync(
            router, Ask($"[[say:I look.{Call}]]", stream, Tools + ", \"stop\":[\"Oslo\",\"tool_call\"]"));

        Assert.Equal(("I look", "stop"), (stopped.Content, stopped.FinishReason));
        Assert.Empty(stopped.Calls);
        Assert.Equal(("I look.", "tool_calls"), (called.Content, called.FinishReason));
        Assert.Single(called.Calls);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task R13_every_choice_has_its_own_calls(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var body = (await router.RawAsync(Operation, Ask(Say, stream, Tools + ", \"n\":2"))).Body;
        var calls = new[] { 0, 1 }.Select(i => Assert.Single(ReadMessage.From(body, i).Calls)).ToList();

        Assert.NotEqual(calls[0].Id, calls[1].Id);
        Assert.Equal(calls[0].Arguments, calls[1].Arguments);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_probabilities_are_those_of_the_content(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(
            $"[[say:<think>a b</think>I look. {Call}]]", stream, Tools + ", \"logprobs\":true", "vllm-tools"));

        Assert.Equal("I look.", string.Concat(message.Tokens).Trim());
        Assert.Single(message.Calls);
    }

    [Fact]
    public async Task Special_tokens_are_kept_only_where_calls_are_looked_for_and_the_model_can()
    {
        await using var router = await StartAsync(Yaml);
        await AnswerAsync(router, Ask("[[say:x]]", false, Tools, "vllm-tools"));
        await AnswerAsync(router, Ask("[[say:x]]", false, "", "vllm-tools"));
        await AnswerAsync(router, Ask("[[say:x]]", false, Tools));

        var parameters = router.Sent.Take(2).Select(s => (string)s.Input("sampling_parameters")!.Values[0]!).ToList();
        Assert.Contains("\"skip_special_tokens\":false", parameters[0], StringComparison.Ordinal);
        Assert.DoesNotContain("skip_special_tokens", parameters[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_of_a_model_whose_parser_is_switched_off_stay_in_the_content()
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(Say, false, Tools, "switched-off"));

        Assert.Equal((Call, "stop"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_of_a_call_reaches_the_model_and_its_answer_the_client(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var call = Assert.Single((await AnswerAsync(router, Ask(Say, stream, Tools))).Calls);
        var messages =
            $$"""
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"{{call.Id}}","type":"function","function":
              {"name":"{{call.Name}}","arguments":{{JsonSerializer.Serialize(call.Arguments)}} } }]},
             {"role":"tool","tool_call_id":"{{call.Id}}","content":"[[say:It rains.]]"}]
            """;
        var rest = Tools + (stream ? ", \"stream\":true" : "");
        var final = await AnswerAsync(router, $$"""{"model":"hermes","messages":{{messages}},{{rest}}}""");

        Assert.Equal(("It rains.", "stop"), (final.Content, final.FinishReason));
        var prompt = (string)router.Sent[^1].Input("text_input")!.Values[0]!;
        Assert.Contains("\"city\": \"Oslo\"", prompt, StringComparison.Ordinal);
    }
}
