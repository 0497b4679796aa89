using System.Text.Json;
using AiRouter.Prompting.Outputs;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Every way of writing tool calls, from a model's text to the client, streamed and whole.</summary>
public sealed class TritonToolFormatTests
{
    private const string Path = "chat/completions";
    private const string Arguments = """{"city": "Oslo"}""";
    private const string Tools =
        """
        "tools":[{"type":"function","function":{"name":"weather","parameters":
         {"type":"object","properties":{"city":{"type":"string"}}}}}]
        """;

    private static readonly Dictionary<string, string> Answers = new()
    {
        ["hermes"] = $$"""<tool_call>\n{"name": "weather", "arguments": {{Arguments}}}\n</tool_call>""",
        ["qwen3-coder"] =
            """<tool_call>\n<function=weather>\n<parameter=city>\nOslo\n</parameter>\n</function>\n</tool_call>""",
        ["llama3"] = $$"""<|python_tag|>{"name": "weather", "parameters": {{Arguments}}}""",
        ["mistral"] = $$"""[TOOL_CALLS] [{"name": "weather", "arguments": {{Arguments}}}]""",
        ["deepseek"] = DeepSeek($"function<｜tool▁sep｜>weather\\n```json\\n{Arguments}\\n```"),
        ["deepseek-v3"] = DeepSeek($"function<｜tool▁sep｜>weather\\n```json\\n{Arguments}\\n```"),
        ["deepseek-r1"] = DeepSeek($"function<｜tool▁sep｜>weather\\n```json\\n{Arguments}\\n```"),
        ["deepseek-v3.1"] = DeepSeek($"weather<｜tool▁sep｜>{Arguments}"),
        ["pythonic"] = "[weather(city='Oslo')]",
        ["functionary"] = $"<function=weather>{Arguments}</function>",
        ["functionary-v3.2"] = $">>>weather\\n{Arguments}",
        ["granite"] = $$"""<|tool_call|>[{"name": "weather", "arguments": {{Arguments}}}]""",
        ["command-r"] =
            """Action: ```json\n[\n    {\n        "tool_name": "weather",\n        "parameters": """ +
            $$"""{{Arguments}}\n    }\n]```""",
        ["command-a"] =
            """<|START_ACTION|>[\n    {"tool_call_id": "0", "tool_name": "weather", "parameters": """ +
            $$"""{{Arguments}}}\n]<|END_ACTION|>""",
        ["glm"] = """<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>\n</tool_call>""",
        ["kimi"] = "<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>" +
            $"{Arguments}<|tool_call_end|><|tool_calls_section_end|>",
        ["harmony"] = $"<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{Arguments}<|call|>",
        ["json"] = $$"""[{"name": "weather", "arguments": {{Arguments}}}]""",
    };

    /// <summary>The formats, each streamed and whole.</summary>
    public static TheoryData<string, bool> Formats { get; } =
        [.. OutputParsers.ToolCalls.Keys.Order(StringComparer.Ordinal).SelectMany(Both)];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Call_of_a_model_is_a_call_of_the_answer(string format, bool stream)
    {
        await using var router = await StartAsync(Model("ensemble", format));
        var members = Tools + (stream ? ", \"stream\":true" : "");
        var response = await router.RawAsync(Path, Chat($"[[say:{Answers[format]}]]", members, "called"));
        Assert.True(response.Status == 200, response.Body);
        var message = ReadMessage.From(response.Body);

        Assert.True(message.Calls.Count == 1, response.Body);
        Assert.Equal("weather", message.Calls[0].Name);
        var arguments = JsonDocument.Parse(message.Calls[0].Arguments).RootElement;
        Assert.Equal("Oslo", arguments.GetProperty("city").GetString());
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
        Assert.Matches(
            format switch
            {
                "mistral" => "^[A-Za-z0-9]{9}$",
                "kimi" => "^functions.weather:0$",
                _ => "^(call_[A-Za-z0-9]{24}|0)$",
            },
            message.Calls[0].Id);
    }

    [Theory]
    [InlineData("ensemble", false)]
    [InlineData("ensemble", true)]
    [InlineData("vllm_model", false)]
    [InlineData("vllm_model", true)]
    public async Task Call_is_read_with_its_special_token_and_without(string target, bool stream)
    {
        const string Json = $$"""{"name": "weather", "parameters": {{Arguments}}}""";
        await using var router = await StartAsync(Model(target, "llama3"));
        var members = Tools + (stream ? ", \"stream\":true" : "");
        var body = (await router.RawAsync(
            Path, Chat($"[[special:<|python_tag|>]][[say:{Json}]]", members, "called"))).Body;
        var message = ReadMessage.From(body);

        Assert.Equal(Arguments, Assert.Single(message.Calls).Arguments);
        Assert.Equal((null, "tool_calls"), (message.Content, message.FinishReason));
    }

    private static (string, bool)[] Both(string format) => [(format, false), (format, true)];

    private static string Model(string target, string format) =>
        $$$"""
          called:
            targets: [ { backend: gpu, model: {{{target}}} } ]
            toolCalls: {{{format}}}
            promptFormat: "{{ tools | tojson }}\nUser: {{ messages[0].content }}\nASSISTANT:"
        """;

    private static string DeepSeek(string call) =>
        $"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>{call}<｜tool▁call▁end｜><｜tool▁calls▁end｜>";
}
