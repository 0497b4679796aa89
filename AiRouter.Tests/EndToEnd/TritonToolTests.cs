using System.Text.Json;
using AiRouter.TritonSimulator;
using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Tool calls over Triton: into the prompt, out of the text, and forced.</summary>
public sealed class TritonToolTests
{
    private const string Path = "chat/completions";
    private const string Weather =
        """{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}""";

    private const string Time = """{"type":"function","function":{"name":"time"}}""";
    private const string Tools = $"\"tools\":[{Weather},{Time}]";
    private const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Oslo"}}</tool_call>""";
    private const string Say = $"[[say:{Call}]]";
    private const string OldRelease = "v0.12.0";

    [Theory]
    [InlineData("hermes", false)]
    [InlineData("hermes", true)]
    [InlineData("mixed", false)]
    [InlineData("whole", true)]
    public async Task Call_in_the_text_is_a_call_of_the_answer(string model, bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(Say, stream, Tools, model));

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
        await using var router = await StartAsync(ToolModels.Yaml);
        const string Second = """<tool_call>{"name": "time", "arguments": {}}</tool_call>""";
        var message = await AnswerOf(router, Ask($"[[say:<think>hm</think>I look.{Call}\\n{Second}]]", stream, Tools));

        Assert.Equal(("hm", "I look.", "tool_calls"), (message.Reasoning, message.Content, message.FinishReason));
        Assert.Equal(["weather", "time"], message.Calls.Select(c => c.Name));
        Assert.Equal("{}", message.Calls[1].Arguments);
        Assert.Equal(2, message.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Fact]
    public async Task Arguments_are_streamed_as_they_come()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var body = (await router.RawAsync(Path, Ask(Say, stream: true, Tools))).Body;
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
        await using var router = await StartAsync(ToolModels.Yaml);
        const string Text = """<tool_call>{"name": "unknown", "arguments": {}}</tool_call>""";
        var message = await AnswerOf(router, Ask($"[[say:{Text}]]", stream, Tools));

        Assert.Equal((Text, "stop"), (message.Content, message.FinishReason));
        Assert.Empty(message.Calls);
    }

    [Fact]
    public async Task Tools_are_shown_to_the_model_and_what_may_not_be_called_is_not()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        await AnswerOf(router, Ask("[[say:x]]", false, Tools));
        await AnswerOf(router, Ask("[[say:x]]", false, Tools + """
            , "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"time"}}]}}
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
    public async Task Choice_none_shows_no_tools_and_reads_no_calls(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(Say, stream, Tools + ", \"tool_choice\":\"none\""));

        Assert.Equal((Call, "stop"), (message.Content, message.FinishReason));
        Assert.DoesNotContain("TOOLS", PromptOf(router), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_call_is_forced_by_a_schema_where_the_model_takes_one(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        const string Json = """[{"name":"weather","arguments":{"city":"Oslo"}},{"name":"time","arguments":{}}]""";
        var message = await AnswerOf(router, Ask($"[[json:{Json}]]", stream, Tools + ", \"tool_choice\":\"required\""));

        Assert.Equal("json_schema", router.Sent[0].Input("guided_decoding_guide_type")!.Values[0]);
        Assert.Equal(
            "array",
            JsonDocument.Parse((string)router.Sent[0].Input("guided_decoding_guide")!.Values[0]!).RootElement.GetProperty("type").GetString());
        Assert.Equal(
            [("weather", """{"city":"Oslo"}"""), ("time", "{}")], message.Calls.Select(c => (c.Name, c.Arguments)));
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Named_call_is_forced_by_the_schema_of_its_arguments(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(
            """[[json:{"city":"Oslo"}]]""", stream,
            Tools + """, "tool_choice":{"type":"function","function":{"name":"weather"}}"""));

        Assert.Equal(
            """{"type":"object","properties":{"city":{"type":"string"}}}""",
            router.Sent[0].Input("guided_decoding_guide")!.Values[0]);
        var call = Assert.Single(message.Calls);
        Assert.Equal(("weather", """{"city":"Oslo"}"""), (call.Name, call.Arguments));
        Assert.Equal("tool_calls", message.FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_call_is_begun_for_a_model_that_takes_no_schema(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml, options: new SimulatorOptions { Release = OldRelease });
        var message = await AnswerOf(router, Ask(
            """[[say:weather", "arguments": {"city": "Oslo"}}</tool_call>]]""", stream, Tools + ", \"tool_choice\":\"required\""));

        Assert.EndsWith(
            "<|im_start|>assistant\n<tool_call>\n{\"name\": \"", PromptOf(router),
            StringComparison.Ordinal);
        var call = Assert.Single(message.Calls);
        Assert.Equal(("weather", """{"city": "Oslo"}"""), (call.Name, call.Arguments));
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Named_call_is_begun_up_to_its_arguments_and_is_the_only_one(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml, options: new SimulatorOptions { Release = OldRelease });
        var message = await AnswerOf(router, Ask(
            $"[[say: {{\"city\": \"Oslo\"}}}}</tool_call>{Call} and more]]", stream,
            Tools + """, "tool_choice":{"type":"function","function":{"name":"weather"}}"""));

        Assert.EndsWith(
            "\"weather\", \"arguments\":", PromptOf(router), StringComparison.Ordinal);
        Assert.Equal("""{"city": "Oslo"}""", Assert.Single(message.Calls).Arguments);
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    [Fact]
    public async Task Prefilled_call_closes_reasoning_that_the_template_has_opened()
    {
        await using var router = await StartAsync(ToolModels.Yaml, options: new SimulatorOptions { Release = OldRelease });
        var message = await AnswerOf(router, Ask(
            """[[say:time", "arguments": {}}</tool_call>]]""", false, Tools + ", \"tool_choice\":\"required\"", "thinking"));

        Assert.EndsWith(
            "<think>\n\n</think>\n\n<tool_call>\n{\"name\": \"", PromptOf(router),
            StringComparison.Ordinal);
        Assert.Equal("time", Assert.Single(message.Calls).Name);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Guided_answer_is_no_reasoning_even_where_the_template_has_opened_it(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(
            """[[json:{"a":1}]]""", stream, "\"response_format\":{\"type\":\"json_object\"}", "thinking"));
        var thought = await AnswerOf(router, Ask("[[say:hm</think>ok]]", stream, "", "thinking"));

        Assert.Equal((null, """{"a":1}"""), (message.Reasoning, message.Content));
        Assert.Equal(("hm", "ok"), (thought.Reasoning, thought.Content));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ends_with_its_first_call_when_calls_are_not_parallel(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(
            $"[[say:{Call}{Call} and on and on]][[delay:20]]", stream, Tools + ", \"parallel_tool_calls\":false"));

        Assert.Single(message.Calls);
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
        if (stream)
        {
            await router.Sent[0].Ended.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
            Assert.Equal(RequestOutcome.Cancelled, router.Sent[0].Outcome);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_limit_in_the_middle_of_a_call_is_told_and_what_came_is_there(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var all = (await AnswerOf(router, Ask(Say, stream, Tools))).Usage.GetProperty("completion_tokens").GetInt32();
        var message = await AnswerOf(router, Ask(Say, stream, Tools + $", \"max_tokens\":{all - 8}"));

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
        await using var router = await StartAsync(ToolModels.Yaml);
        var stopped = await AnswerOf(router, Ask($"[[say:I look STOP {Call}]]", stream, Tools + ", \"stop\":\" STOP\""));
        var called = await AnswerOf(router, Ask($"[[say:I look.{Call}]]", stream, Tools + ", \"stop\":[\"Oslo\",\"tool_call\"]"));

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
        await using var router = await StartAsync(ToolModels.Yaml);
        var body = (await router.RawAsync(Path, Ask(Say, stream, Tools + ", \"n\":2"))).Body;
        var calls = new[] { 0, 1 }.Select(i => Assert.Single(ReadMessage.From(body, i).Calls)).ToList();

        Assert.NotEqual(calls[0].Id, calls[1].Id);
        Assert.Equal(calls[0].Arguments, calls[1].Arguments);
    }

    [Theory]
    [InlineData(false, "\"auto\"")]
    [InlineData(true, "\"auto\"")]
    [InlineData(false, "{\"name\":\"weather\"}")]
    public async Task Legacy_functions_get_a_function_call(bool stream, string choice)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var say = choice.StartsWith('{') ? """[[json:{"city": "Oslo"}]]""" : Say + " more";
        var message = await AnswerOf(router, Ask(
            say, stream, $$"""
            "functions":[{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"} } } }], "function_call":{{choice}}
            """));

        Assert.Equal(new ReadCall("", "weather", """{"city": "Oslo"}"""), message.Function);
        Assert.Equal((null, "function_call"), (message.Content, message.FinishReason));
        Assert.Empty(message.Calls);
        Assert.Contains("\"type\": \"function\"", PromptOf(router), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Log_probabilities_are_those_of_the_content(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(
            $"[[say:<think>a b</think>I look. {Call}]]", stream, Tools + ", \"logprobs\":true", "vllm-tools"));

        Assert.Equal("I look.", string.Concat(message.Tokens).Trim());
        Assert.Single(message.Calls);
    }

    [Fact]
    public async Task Special_tokens_are_kept_only_where_calls_are_looked_for_and_the_model_can()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        await AnswerOf(router, Ask("[[say:x]]", false, Tools, "vllm-tools"));
        await AnswerOf(router, Ask("[[say:x]]", false, "", "vllm-tools"));
        await AnswerOf(router, Ask("[[say:x]]", false, Tools));

        var parameters = router.Sent.Take(2).Select(s => (string)s.Input("sampling_parameters")!.Values[0]!).ToList();
        Assert.Contains("\"skip_special_tokens\":false", parameters[0], StringComparison.Ordinal);
        Assert.DoesNotContain("skip_special_tokens", parameters[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "tools")]
    [InlineData("[1]", "tools[0]")]
    [InlineData("[{}]", "tools[0].type")]
    [InlineData("[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("[{\"type\":\"function\",\"function\":{}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":1}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"description\":1}}]", "tools[0].function.description")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}]", "tools[0].function.parameters", "invalid_function_parameters")]
    [InlineData("[{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}}]", "tools[0].type", "unsupported_parameter")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"parallel_tool_calls\":1", "parallel_tool_calls")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"functions\":[{\"name\":\"b\"}]", "functions")]
    [InlineData("null,\"functions\":[{}]", "functions[0].name")]
    public async Task Wrong_tools_are_400_with_their_path(string tools, string param, string? code = null)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var error = await router.ErrorAsync(Path, Ask("x", false, $"\"tools\":{tools}"));

        Assert.Equal((400, param, code), (error.Status, error.Param, error.Code));
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("\"always\"", "tool_choice")]
    [InlineData("1", "tool_choice")]
    [InlineData("{\"a\":1}", "tool_choice.type")]
    [InlineData("{\"type\":\"function\"}", "tool_choice.function")]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"nope\"}}", "tool_choice")]
    [InlineData("{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}}", "tool_choice", "unsupported_parameter")]
    [InlineData("{\"type\":\"allowed_tools\"}", "tool_choice.allowed_tools")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"x\"}}", "tool_choice.allowed_tools.mode")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\"}}", "tool_choice.allowed_tools.tools")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"x\"}}]}}", "tool_choice.allowed_tools.tools[0].function")]
    public async Task Wrong_choice_is_400_with_its_path(string choice, string param, string? code = null)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var error = await router.ErrorAsync(Path, Ask("x", false, $"{Tools}, \"tool_choice\":{choice}"));

        Assert.Equal((400, param, code), (error.Status, error.Param, error.Code));
    }

    [Theory]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"a\"}}", "tool_choice")]
    [InlineData($"{Tools}, \"tool_choice\":\"required\", \"response_format\":{{\"type\":\"json_object\"}}", "response_format")]
    public async Task Requests_that_contradict_themselves_are_400(string members, string param)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var error = await router.ErrorAsync(Path, Ask("x", false, members));

        Assert.Equal((400, param, null), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public async Task R11_model_that_is_free_to_call_cannot_be_bound_to_a_form()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var error = await router.ErrorAsync(Path, Ask("x", false, Tools + ", \"response_format\":{\"type\":\"json_object\"}"));

        Assert.Equal((400, "response_format", "unsupported_parameter"), (error.Status, error.Param, error.Code));
    }

    [Theory]
    [InlineData("chat", Tools, "tools")]
    [InlineData("unread", Tools, "tools")]
    [InlineData("switched-off", Tools + ", \"tool_choice\":\"required\"", "tool_choice")]
    public async Task R11_tools_that_the_model_is_not_shown_or_nobody_can_read_are_400(string model, string members, string param)
    {
        await using var router = await StartAsync(ToolModels.Yaml, options: new SimulatorOptions { Release = OldRelease });
        var error = await router.ErrorAsync(Path, Ask("x", false, members, model));

        Assert.Equal((400, param, "unsupported_parameter"), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public async Task Tools_that_the_prompt_does_not_show_can_be_forced_all_the_same()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(
            """[[json:[{"name":"time","arguments":{}}]]]""", false, Tools + ", \"tool_choice\":\"required\"", "chat"));

        Assert.Equal("time", Assert.Single(message.Calls).Name);
    }

    [Fact]
    public async Task Calls_of_a_model_whose_parser_is_switched_off_stay_in_the_content()
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var message = await AnswerOf(router, Ask(Say, false, Tools, "switched-off"));

        Assert.Equal((Call, "stop"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_of_a_call_reaches_the_model_and_its_answer_the_client(bool stream)
    {
        await using var router = await StartAsync(ToolModels.Yaml);
        var call = Assert.Single((await AnswerOf(router, Ask(Say, stream, Tools))).Calls);
        var messages =
            $$"""
            [{"role":"user","content":"Weather?"},
             {"role":"assistant","content":null,"tool_calls":[{"id":"{{call.Id}}","type":"function","function":
              {"name":"{{call.Name}}","arguments":{{JsonSerializer.Serialize(call.Arguments)}} } }]},
             {"role":"tool","tool_call_id":"{{call.Id}}","content":"[[say:It rains.]]"}]
            """;
        var final = await AnswerOf(router, $$"""{"model":"hermes","messages":{{messages}},{{Tools}}{{(stream ? ",\"stream\":true" : "")}}}""");

        Assert.Equal(("It rains.", "stop"), (final.Content, final.FinishReason));
        var prompt = (string)router.Sent[^1].Input("text_input")!.Values[0]!;
        Assert.Contains("\"city\": \"Oslo\"", prompt, StringComparison.Ordinal);
    }

    /// <summary>The prompt of the only generation; old releases are asked for its tokens beside it.</summary>
    private static string PromptOf(TritonRouter router) =>
        (string)router.Sent.Single(s => s.Input("text_input") is not null).Input("text_input")!.Values[0]!;

    private static string Ask(string content, bool stream, string members, string model = "hermes") => Chat(
        content,
        string.Join(", ", new[] { members, stream ? "\"stream\":true, \"stream_options\":{\"include_usage\":true}" : "" }
            .Where(m => m.Length > 0)),
        model);

    private static async Task<ReadMessage> AnswerOf(TritonRouter router, string json)
    {
        var response = await router.RawAsync(Path, json);
        Assert.True(response.Status == 200, response.Body);
        return ReadMessage.From(response.Body);
    }
}
