namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>Forms: openai/harmony docs/format.md; openai/gpt-oss-20b chat_template.</summary>
internal static class HarmonyTranscripts
{
    private const string Format = "openai/harmony docs/format.md";

    public static Transcript[] All { get; } =
    [
        Split("reasoning and answer",
            "<|channel|>analysis<|message|>User asks: 2 + " +
            "2.<|end|>\n<|start|>assistant<|channel|>final<|message|>2 + 2 = 4.<|return|>",
            Format, "reasoning: User asks: 2 + 2.", "content: 2 + 2 = 4."),
        Split("a call",
            "<|channel|>analysis<|message|>Need the tool.<|end|><|start|>assistant<|channel|>commentary " +
            "to=functions.get_weather " +
            "<|constrain|>json<|message|>{\"location\":\"San Francisco\"}<|call|>",
            Format, "reasoning: Need the tool.", "call get_weather {\"location\":\"San Francisco\"}"),
        Split("the recipient before the channel",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant " +
            "to=functions.get_time<|channel|>commentary json<|message|>{}<|call|>",
            "openai/gpt-oss-20b chat_template", "reasoning: Hm.", "call get_time {}"),
        Split("the recipient first of all",
            " to=functions.get_time<|channel|>commentary <|constrain|>json<|message|>{\"a\": 1}",
            Format, "call get_time {\"a\": 1}"),
        Split("a preamble",
            "<|channel|>commentary<|message|>**Plan**: search.<|end|><|start|>assistant<|channel|>commentary " +
            "to=functions.search " +
            "<|constrain|>json<|message|>{\"q\": \"x\"}<|call|>",
            Format, "content: **Plan**: search.", "call search {\"q\": \"x\"}"),
        Split("two calls",
            "<|channel|>commentary to=functions.get_time<|message|>{}<|call|><|start|>assistant<|channel|>commentary " +
            "to=functions.search<|message|>{\"q\": 1}<|call|>",
            Format, "call get_time {}", "call search {\"q\": 1}"),
        Split("no arguments", "<|channel|>commentary to=functions.get_time <|constrain|>json<|message|><|call|>", "",
            "call get_time {}"),
        Split("the final channel alone", "<|channel|>final<|message|>Hello.", "", "content: Hello."),
        Split("special tokens swallowed", "analysisUser asks 2 + 2.assistantfinal2 + 2 = 4.", "",
            "reasoning: User asks 2 + 2.", "content: 2 + 2 = 4."),
        Split("special tokens swallowed, a call",
            "analysisNeed the tool.assistantcommentary to=functions.get_weather json{\"city\": \"Paris\"}", "",
            "reasoning: Need the tool.", "call get_weather {\"city\": \"Paris\"}"),
        Split("special tokens swallowed, a call alone", "commentary to=functions.get_time code{}", "",
            "call get_time {}"),
        Split("a text that begins like a channel", "finally, assistantfinal", "", "content: finally, assistantfinal"),
        Split("plain text", "Hello <|x|>.", "", "content: Hello <|x|>."),
        Split("unknown tool", "<|channel|>commentary to=browser.open<|message|>{\"id\": 1}<|call|>", "",
            "content: <|channel|>commentary to=browser.open<|message|>{\"id\": 1}<|call|>"),
        Split("a header that is none", "<|channel|>nothing\n more<|end|>", "", "content: <|channel|>nothing\n more"),
        Split("cut in the reasoning", "<|channel|>analysis<|message|>Hm", "", "reasoning: Hm"),
        new("harmony", "the prompt ended in a header", "Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
            "reasoning: Hm.", "content: Yes.")
            { Reasoning = "harmony", PromptEnd = "<|start|>assistant<|channel|>analysis<|message|>", Source = Format },
        new("harmony", "reasoning left in the content",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
            "content: Hm.\n\nYes.") { Source = Format },
        new("harmony", "a call, no reasoning asked for",
            "<|channel|>commentary to=functions.get_time<|message|>{}<|call|>",
            "call get_time {}") { Source = Format },
        new("harmony", "an answer, no reasoning asked for", "<|channel|>final<|message|>Yes.<|return|>",
            "content: Yes.")
            { Source = Format },
        new("harmony", "two calls, no reasoning asked for",
            "<|channel|>commentary to=functions.get_time<|message|>{}<|call|><|start|>assistant<|channel|>commentary " +
            "to=functions.search<|message|>{\"q\": 1}<|call|>",
            "call get_time {}", "call search {\"q\": 1}") { Source = Format },
        new("harmony", "a preamble, no reasoning asked for", "<|channel|>commentary<|message|>Plan.<|end|>",
            "content: Plan.")
            { Source = Format },
        new(null, "no tools",
            "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>",
            "reasoning: Hm.", "content: Yes.") { Reasoning = "harmony" },
    ];

    private static Transcript Split(string name, string answer, string source, params string[] parts) =>
        new("harmony", name, answer, parts) { Reasoning = "harmony", Source = source };
}
