namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>Forms: the chat_template of deepseek-ai/DeepSeek-R1, -V3 and -V3.1.</summary>
internal static class DeepSeekTranscripts
{
    private const string Begin = "<｜tool▁calls▁begin｜>";
    private const string End = "<｜tool▁calls▁end｜>";
    private const string Call = "<｜tool▁call▁begin｜>";
    private const string CallEnd = "<｜tool▁call▁end｜>";
    private const string Sep = "<｜tool▁sep｜>";

    public static Transcript[] All { get; } = [.. Of("deepseek-v3"), .. Of("deepseek-r1"), .. Of("deepseek-v3.1")];

    private static Transcript[] Of(string name) =>
    [
        new(name, "one call", Begin + Fenced("get_weather", "{\"city\": \"Paris\"}") + End,
            "call get_weather {\"city\": \"Paris\"}") { Source = "deepseek-ai/DeepSeek-R1 chat_template" },
        new(name, "two calls behind text",
            "I look.\n" + Begin + Fenced("get_weather", "{\"city\": \"Paris\"}") + "\n" + Fenced("get_time",
            "{}") + End,
            "content: I look.\n", "call get_weather {\"city\": \"Paris\"}", "call get_time {}")
            { Source = "deepseek-ai/DeepSeek-V3 chat_template" },
        new(name, "the form of V3.1", Begin + Call + "get_weather" + Sep + "{\"city\": \"Paris\"}" + CallEnd + End,
            "call get_weather {\"city\": \"Paris\"}") { Source = "deepseek-ai/DeepSeek-V3.1 chat_template" },
        new(name, "the form of V3.1, two calls",
            "Yes." + Begin + Call + "search" + Sep + "{\"q\":\"a\"}" + CallEnd + Call + "get_time" + Sep + "{}" + CallEnd + End,
            "content: Yes.", "call search {\"q\":\"a\"}", "call get_time {}")
            { Source = "deepseek-ai/DeepSeek-V3.1 chat_template" },
        new(name, "the section's marker written with underscores",
            "<｜tool_calls_begin｜>" + Fenced("search", "{\"q\": 1}") + End, "call search {\"q\": 1}")
            { Source = "ggml-org/llama.cpp tests/test-chat.cpp" },
        new(name, "no section", Fenced("search", "{\"q\": 1}"), "call search {\"q\": 1}"),
        new(name, "text behind", Begin + Fenced("get_time", "{}") + End + "Done.", "call get_time {}",
            "content: Done."),
        new(name, "unknown tool", Begin + Fenced("nope", "{}") + End, "content: " + Begin + Fenced("nope", "{}") + End),
        new(name, "no call in the section", Begin + "well" + End, "content: " + Begin + "well" + End),
        new(name, "no separator", Begin + Call + "search {}" + CallEnd,
            "content: " + Begin + Call + "search {}" + CallEnd),
        new(name, "cut", Begin + Call + "function" + Sep + "search\n```json\n{\"q", "cut search {\"q"),
        new(name, "a call behind the reasoning", "Hm.\n</think>\n\n" + Begin + Fenced("get_time", "{}") + End,
            "reasoning: Hm.", "call get_time {}") { Reasoning = "deepseek-r1", PromptEnd = "<｜Assistant｜><think>\n" },
    ];

    private static string Fenced(string name, string arguments) =>
        Call + "function" + Sep + name + "\n```json\n" + arguments + "\n```" + CallEnd;
}
