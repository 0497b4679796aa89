namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>
/// Forms: MeetKai/functionary functionary/prompt_template/prompt_test_v3-llama3.1.txt and v3.llama3.txt.
/// </summary>
internal static class FunctionaryTranscripts
{
    private const string Recipient = "<|start_header_id|>assistant<|end_header_id|>\n\n>>>";
    private const string Source31 = "MeetKai/functionary prompt_template, v3-llama3.1";
    private const string Source32 = "MeetKai/functionary prompt_template, v3.llama3";

    public static Transcript[] All { get; } = [.. Of("functionary"), .. Of("functionary-v3.2")];

    private static Transcript[] Of(string name) =>
    [
        new(name, "3.1", """<function=get_weather>{"city": "Paris"}</function>""",
            """call get_weather {"city": "Paris"}""")
            { Source = Source31 },
        new(name, "3.1, two calls behind text",
            """I look.<function=get_weather>{"city": "Paris"}</function><function=get_time>{}</function><|eom_id|>""",
            "content: I look.", """call get_weather {"city": "Paris"}""", "call get_time {}", "content: <|eom_id|>")
            { Source = Source31 },
        new(name, "3.2", "get_weather\n{\"city\": \"Paris\"}", "call get_weather {\"city\": \"Paris\"}")
            { PromptEnd = Recipient, Source = Source32 },
        new(name, "3.2, text alone", "all\nHello.", "content: Hello.") { PromptEnd = Recipient, Source = Source32 },
        new(name, "3.2, text and two calls", "all\nI look.\n>>>search\n{\"q\": \"x\"}>>>get_time\n{}",
            "content: I look.\n", "call search {\"q\": \"x\"}", "call get_time {}")
            { PromptEnd = Recipient, Source = Source32 },
        new(name, "3.2, the marker not in the prompt", ">>>all\nI look.\n>>>search\n{}", "content: I look.\n",
            "call search {}")
            { Source = Source32 },
        new(name, "3.1, unknown tool", "<function=nope>{}</function>", "content: <function=nope>{}</function>"),
        new(name, "3.2, unknown recipient", "python\nprint(1)", "content: python\nprint(1)") { PromptEnd = Recipient },
        new(name, "a Python prompt in a text", "Type\n>>> 1 + 1\n>>>all", "content: Type\n>>> 1 + 1\n>>>all"),
    ];
}
