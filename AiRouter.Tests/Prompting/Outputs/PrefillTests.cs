using System.Text;
using AiRouter.Prompting.Outputs;
using AiRouter.Tests.Prompting.Outputs.Transcripts;

namespace AiRouter.Tests.Prompting.Outputs;

public sealed class PrefillTests
{
    /// <summary>
    /// How the model goes on, per format: behind the prefill for one function, and behind the one for any.
    /// </summary>
    private static readonly Dictionary<string, (string Named, string Any)> Rest = new()
    {
        ["hermes"] = (" {\"q\": 1}}\n</tool_call>", "search\", \"arguments\": {\"q\": 1}}\n</tool_call>"),
        ["qwen3-coder"] = ("<parameter=q>\n1\n</parameter>\n</function>\n</tool_call>",
            "search>\n<parameter=q>\n1\n</parameter>\n</function>"),
        ["llama3"] = (" {\"q\": 1}}", "search\", \"parameters\": {\"q\": 1}}"),
        ["mistral"] = (" {\"q\": 1}}]", "search\", \"arguments\": {\"q\": 1}}]"),
        ["deepseek-v3"] = ("{\"q\": 1}\n```<｜tool▁call▁end｜>",
            "search\n```json\n{\"q\": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        ["deepseek-r1"] = ("{\"q\": 1}\n```<｜tool▁call▁end｜>",
            "search\n```json\n{\"q\": 1}\n```<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        ["deepseek-v3.1"] = ("{\"q\": 1}<｜tool▁call▁end｜>",
            "search<｜tool▁sep｜>{\"q\": 1}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"),
        ["pythonic"] = ("q=1)]", "search(q=1)]"),
        ["functionary"] = ("{\"q\": 1}</function>", "search>{\"q\": 1}</function>"),
        ["functionary-v3.2"] = ("{\"q\": 1}", "search\n{\"q\": 1}"),
        ["granite"] = (" {\"q\": 1}}]", "search\", \"arguments\": {\"q\": 1}}]"),
        ["command-r"] = (" {\"q\": 1}}\n]```", "search\", \"parameters\": {\"q\": 1}}\n]```"),
        ["command-a"] = (" {\"q\": 1}}\n]<|END_ACTION|>", "search\", \"parameters\": {\"q\": 1}}\n]<|END_ACTION|>"),
        ["glm"] = ("<arg_key>q</arg_key>\n<arg_value>1</arg_value>\n</tool_call>",
            "search\n<arg_key>q</arg_key>\n<arg_value>1</arg_value></tool_call>"),
        ["kimi"] = ("{\"q\": 1}<|tool_call_end|>", "search:0<|tool_call_argument_begin|>{\"q\": 1}<|tool_call_end|>"),
        ["harmony"] = ("{\"q\": 1}<|call|>", "search <|constrain|>json<|message|>{\"q\": 1}"),
        ["json"] = (" {\"q\": 1}}]", "search\", \"arguments\": {\"q\": 1}}]"),
    };

    public static TheoryData<string> Formats => [.. OutputParsers.ToolCalls.Keys.Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Answer_behind_the_prefill_is_a_call(string name)
    {
        var format = OutputParsers.ToolCalls[name];

        Assert.Equal([Call(name)], Read(format, "search", Rest[name].Named));
        Assert.Equal([Call(name)], Read(format, null, Rest[name].Any));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Prefill_ends_in_no_space_that_a_tokenizer_would_put_before_the_next_word(string name)
    {
        var format = OutputParsers.ToolCalls[name];

        Assert.False(format.Prefill("search").EndsWith(' '));
        Assert.False(format.Prefill(null).EndsWith(' '));
    }

    private static string Call(string name) =>
        name == "kimi" ? "call search#functions.search:0 {\"q\": 1}" : "call search {\"q\": 1}";

    private static IReadOnlyList<string> Read(IToolCallFormat format, string? toolName, string rest)
    {
        var context = new OutputContext { ToolNames = Transcript.Tools, PromptEnd = Encoding.UTF8.GetBytes("\n\n>>>") };
        var prefill = Encoding.UTF8.GetBytes(format.Prefill(toolName));
        return ParserRun.Read(format.Start(context), [prefill, .. ParserRun.Cut(rest, [3])]).Parts;
    }
}
