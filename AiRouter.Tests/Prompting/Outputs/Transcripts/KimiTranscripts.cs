namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: moonshotai/Kimi-K2-Instruct docs/tool_call_guidance.md; moonshotai/Kimi-K2-Thinking chat_template.
/// </summary>
internal static class KimiTranscripts
{
    private const string Begin = "<|tool_calls_section_begin|>";
    private const string End = "<|tool_calls_section_end|>";
    private const string Guidance = "moonshotai/Kimi-K2-Instruct docs/tool_call_guidance.md";

    public static Transcript[] All { get; } =
    [
        new("kimi", "one call", Begin + Call("functions.get_weather:0", "{\"city\": \"Paris\"}") + End,
            "call get_weather#functions.get_weather:0 {\"city\": \"Paris\"}") { Source = Guidance },
        new("kimi", "two calls behind text",
            "I look." + Begin + Call("functions.get_weather:0", "{}") + Call("functions.get_time:1",
            "{\"z\": 1}") + End,
            "content: I look.", "call get_weather#functions.get_weather:0 {}",
            "call get_time#functions.get_time:1 {\"z\": 1}")
            { Source = Guidance },
        new("kimi", "with line breaks",
            Begin + "\n" + "<|tool_call_begin|> functions.search:2 <|tool_call_argument_begin|> {\"q\": 1} " +
            "<|tool_call_end|>\n" + End,
            "call search#functions.search:2 {\"q\": 1}") { Source = Guidance },
        new("kimi", "no prefix", Begin + Call("search:0", "{}") + End, "call search#search:0 {}")
            { Source = "sgl-project/sglang kimik2_detector.py" },
        new("kimi", "no section", Call("functions.search:10", "{}"), "call search#functions.search:10 {}")
            { Source = "vllm-project/vllm tests/tool_use/test_kimi_k2_tool_parser.py" },
        new("kimi", "behind the reasoning", "<think>Hm.</think>" + Begin + Call("functions.search:0", "{}") + End,
            "reasoning: Hm.", "call search#functions.search:0 {}")
            { Reasoning = "kimi", Source = "moonshotai/Kimi-K2-Thinking chat_template" },
        new("kimi", "unknown tool", Begin + Call("functions.nope:0", "{}") + End,
            "content: " + Begin + Call("functions.nope:0", "{}") + End),
        new("kimi", "second unknown", Begin + Call("functions.search:0", "{}") + Call("functions.nope:1", "{}") + End,
            "call search#functions.search:0 {}", "content: " + Call("functions.nope:1", "{}") + End),
        new("kimi", "cut in the head", Begin + "<|tool_call_begin|>functions.sea",
            "content: " + Begin + "<|tool_call_begin|>functions.sea"),
    ];

    private static string Call(string id, string arguments) =>
        "<|tool_call_begin|>" + id + "<|tool_call_argument_begin|>" + arguments + "<|tool_call_end|>";
}
