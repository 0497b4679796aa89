namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>Forms: the chat templates of the models named; docs.vllm.ai, features/reasoning_outputs.</summary>
internal static class ReasoningTranscripts
{
    public static Transcript[] All { get; } =
    [
        .. Think("think"),
        .. Think("deepseek-r1"),
        .. Think("qwen3"),
        .. Think("glm"),
        .. Think("kimi"),
        .. Marked("mistral", "[THINK]", "[/THINK]", "mistralai/Magistral-Small-2509 chat_template"),
        .. Marked("seed", "<seed:think>", "</seed:think>", "ByteDance-Seed/Seed-OSS-36B-Instruct chat_template"),
        .. Marked("command-a", "<|START_THINKING|>", "<|END_THINKING|>",
            "CohereLabs/command-a-reasoning-08-2025 chat_template"),
        .. Marked("granite", "Here is my thought process:", "Here is my response:",
            "ibm-granite/granite-3.2-8b-instruct chat_template"),
        new(null, "markers around the answer",
            "<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Yes.<|END_RESPONSE|>",
            "reasoning: Hm.", "content: Yes.") { Reasoning = "command-a" },
        new(null, "no reasoning, markers around the answer", "<|START_RESPONSE|>Yes.<|END_RESPONSE|>", "content: Yes.")
            { Reasoning = "command-a" },
        new(null, "tags of 3.3", "<think>Hm.</think><response>Yes.</response>", "reasoning: Hm.", "content: Yes.")
            { Reasoning = "granite" },
        new(null, "short form", "Here's my thought process: Hm. Here's my response: Yes.", "reasoning: Hm.",
            "content: Yes.")
            { Reasoning = "granite" },
        new(null, "another sentence", "Here is my thought.", "content: Here is my thought.") { Reasoning = "granite" },
        new(null, "Kimi VL", "◁think▷Hm.◁/think▷Yes.", "reasoning: Hm.", "content: Yes.") { Reasoning = "kimi" },
        new(null, "Magistral's first version", "<think>\nHm.\n</think>\nYes.", "reasoning: Hm.", "content: Yes.")
            { Reasoning = "mistral" },
    ];

    private static Transcript[] Think(string name) =>
    [
        new(null, "both markers", "<think>\nFirst,\nsecond.\n</think>\n\nThe answer.",
            "reasoning: First,\nsecond.", "content: The answer.")
            { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template" },
        new(null, "the prompt ended in the opening marker", "First.\n</think>\n\nThe answer.",
            "reasoning: First.", "content: The answer.")
            { Reasoning = name, PromptEnd = "<｜Assistant｜><think>\n",
            Source = "deepseek-ai/DeepSeek-R1 chat_template" },
        new(null, "the marker of the prompt repeated", "<think>\nFirst.</think>The answer.",
            "reasoning: First.", "content: The answer.")
            { Reasoning = name, PromptEnd = "<|im_start|>assistant\n<think>\n",
            Source = "Qwen/Qwen3.5-4B chat_template" },
        new(null, "nothing thought", "<think>\n\n</think>\n\nThe answer.", "content: The answer.")
            { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template (enable_thinking=false)" },
        new(null, "thinking switched off in the prompt", "The answer </think>.", "content: The answer </think>.")
            { Reasoning = name, PromptEnd = "<|im_start|>assistant\n<think>\n\n</think>\n\n",
            Source = "Qwen/Qwen3.5-4B chat_template" },
        new(null, "cut while thinking", "<think>\nFirst.\n", "reasoning: First.") { Reasoning = name },
        new(null, "cut in the closing marker", "<think>First.</thi", "reasoning: First.</thi") { Reasoning = name },
        new(null, "no reasoning", "The <think> marker.", "content: The <think> marker.") { Reasoning = name },
        new(null, "only a closing marker", "Well</think>Yes", "content: Well</think>Yes") { Reasoning = name },
        new(null, "line breaks inside", "<think>a\n\n\nb</thin\n\n</think>\nc\n\nd\n", "reasoning: a\n\n\nb</thin",
            "content: c\n\nd\n")
            { Reasoning = name },
        new("hermes", "a call behind the reasoning",
            "<think>\nI need a tool.\n</think>\n\n<tool_call>\n{\"name\": \"get_time\", \"arguments\": " +
            "{}}\n</tool_call>",
            "reasoning: I need a tool.", "call get_time {}")
            { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template" },
        new("hermes", "a call inside the reasoning is thought",
            "<think><tool_call>{\"name\": \"get_time\"}</tool_call></think>Hm",
            "reasoning: <tool_call>{\"name\": \"get_time\"}</tool_call>", "content: Hm") { Reasoning = name },
    ];

    private static Transcript[] Marked(string name, string open, string close, string source) =>
    [
        new(null, "both markers", open + "\nHm.\n" + close + "\nYes.", "reasoning: Hm.", "content: Yes.")
            { Reasoning = name, Source = source },
        new(null, "no line breaks", open + "Hm." + close + "Yes.", "reasoning: Hm.", "content: Yes.")
            { Reasoning = name, Source = source },
        new(null, "no reasoning", "Yes.", "content: Yes.") { Reasoning = name, Source = source },
        new(null, "opened by the prompt", "Hm." + close + "Yes.", "reasoning: Hm.", "content: Yes.")
            { Reasoning = name, Source = source, PromptEnd = open },
        new("json", "a call behind the reasoning", open + "Hm." + close + "\n{\"name\": \"get_time\"}",
            "reasoning: Hm.", "call get_time {}") { Reasoning = name, Source = source },
        new(null, "cut", open + "Hm. " + close[..4], "reasoning: Hm. " + close[..4]) { Reasoning = name },
    ];
}
