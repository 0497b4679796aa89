using System.Text.Json;
using AiRouter.TritonSimulator.Recording;
using static AiRouter.Tests.EndToEnd.ToolModels;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Which tools a model may call, must call, and how often.</summary>
public sealed class TritonToolChoiceTests
{
    private const string Required = Tools + ", \"tool_choice\":\"required\"";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Choice_none_shows_no_tools_and_reads_no_calls(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(Say, stream, Tools + ", \"tool_choice\":\"none\""));

        Assert.Equal((Call, "stop"), (message.Content, message.FinishReason));
        Assert.DoesNotContain("TOOLS", PromptOf(router), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Required_call_is_forced_by_a_schema_where_the_model_takes_one(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        const string Json = """[{"name":"weather","arguments":{"city":"Oslo"}},{"name":"time","arguments":{}}]""";
        var message = await AnswerAsync(router, Ask($"[[json:{Json}]]", stream, Required));

        Assert.Equal("json_schema", router.Sent[0].Input("guided_decoding_guide_type")!.Values[0]);
        var schema = JsonDocument.Parse((string)router.Sent[0].Input("guided_decoding_guide")!.Values[0]!).RootElement;
        Assert.Equal("array", schema.GetProperty("type").GetString());
        Assert.Equal(
            [("weather", """{"city":"Oslo"}"""), ("time", "{}")], message.Calls.Select(c => (c.Name, c.Arguments)));
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Named_call_is_forced_by_the_schema_of_its_arguments(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(
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
        await using var router = await StartAsync(Yaml, options: Unguided);
        var message = await AnswerAsync(router, Ask(
            """[[say:weather", "arguments": {"city": "Oslo"}}</tool_call>]]""", stream, Required));

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
        await using var router = await StartAsync(Yaml, options: Unguided);
        var message = await AnswerAsync(router, Ask(
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
        await using var router = await StartAsync(Yaml, options: Unguided);
        var message = await AnswerAsync(router, Ask(
            """[[say:time", "arguments": {}}</tool_call>]]""", false, Required, "thinking"));

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
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(
            """[[json:{"a":1}]]""", stream, "\"response_format\":{\"type\":\"json_object\"}", "thinking"));
        var thought = await AnswerAsync(router, Ask("[[say:hm</think>ok]]", stream, "", "thinking"));

        Assert.Equal((null, """{"a":1}"""), (message.Reasoning, message.Content));
        Assert.Equal(("hm", "ok"), (thought.Reasoning, thought.Content));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Answer_ends_with_its_first_call_when_calls_are_not_parallel(bool stream)
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(
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
    [InlineData(false, "\"auto\"")]
    [InlineData(true, "\"auto\"")]
    [InlineData(false, "{\"name\":\"weather\"}")]
    public async Task Legacy_functions_get_a_function_call(bool stream, string choice)
    {
        await using var router = await StartAsync(Yaml);
        var say = choice.StartsWith('{') ? """[[json:{"city": "Oslo"}]]""" : Say + " more";
        var message = await AnswerAsync(router, Ask(
            say, stream, $$"""
            "functions":[{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"} } } }],
            "function_call":{{choice}}
            """));

        Assert.Equal(new ReadCall("", "weather", """{"city": "Oslo"}"""), message.Function);
        Assert.Equal((null, "function_call"), (message.Content, message.FinishReason));
        Assert.Empty(message.Calls);
        Assert.Contains("\"type\": \"function\"", PromptOf(router), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tools_that_the_prompt_does_not_show_can_be_forced_all_the_same()
    {
        await using var router = await StartAsync(Yaml);
        var message = await AnswerAsync(router, Ask(
            """[[json:[{"name":"time","arguments":{}}]]]""", false, Tools + ", \"tool_choice\":\"required\"", "chat"));

        Assert.Equal("time", Assert.Single(message.Calls).Name);
    }
}
