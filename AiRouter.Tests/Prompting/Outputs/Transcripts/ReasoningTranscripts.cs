namespace AiRouter.Tests.Prompting.Outputs.Transcripts;

/// <summary>Forms: the chat templates of the models named; docs.vllm.ai, features/reasoning_outputs.</summary>
internal static class ReasoningTranscripts
{
    public static Transcript[] All { get; } =
    [
        .. Think("think"),
    ];

    private static Transcript[] Think(string name) =>
    [
        new(null, "both markers", "<think>\nFirst,\nsecond.\n</think>\n\nThe answer.",
            "reasoning: First,\nsecond.", "content: The answer.") { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template" },
        new(null, "the prompt ended in the opening marker", "First.\n</think>\n\nThe answer.",
            "reasoning: First.", "content: The answer.")
            { Reasoning = name, PromptEnd = "<｜Assistant｜><think>\n", Source = "deepseek-ai/DeepSeek-R1 chat_template" },
        new(null, "the marker of the prompt repeated", "<think>\nFirst.</think>The answer.",
            "reasoning: First.", "content: The answer.")
            { Reasoning = name, PromptEnd = "<|im_start|>assistant\n<think>\n", Source = "Qwen/Qwen3.5-4B chat_template" },
        new(null, "nothing thought", "<think>\n\n</think>\n\nThe answer.", "content: The answer.")
            { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template (enable_thinking=false)" },
        new(null, "thinking switched off in the prompt", "The answer </think>.", "content: The answer </think>.")
            { Reasoning = name, PromptEnd = "<|im_start|>assistant\n<think>\n\n</think>\n\n", Source = "Qwen/Qwen3.5-4B chat_template" },
        new(null, "cut while thinking", "<think>\nFirst.\n", "reasoning: First.") { Reasoning = name },
        new(null, "cut in the closing marker", "<think>First.</thi", "reasoning: First.</thi") { Reasoning = name },
        new(null, "no reasoning", "The <think> marker.", "content: The <think> marker.") { Reasoning = name },
        new(null, "only a closing marker", "Well</think>Yes", "content: Well</think>Yes") { Reasoning = name },
        new(null, "line breaks inside", "<think>a\n\n\nb</thin\n\n</think>\nc\n\nd\n", "reasoning: a\n\n\nb</thin", "content: c\n\nd\n")
            { Reasoning = name },
        new("hermes", "a call behind the reasoning",
            "<think>\nI need a tool.\n</think>\n\n<tool_call>\n{\"name\": \"get_time\", \"arguments\": {}}\n</tool_call>",
            "reasoning: I need a tool.", "call get_time {}") { Reasoning = name, Source = "Qwen/Qwen3-8B chat_template" },
        new("hermes", "a call inside the reasoning is thought",
            "<think><tool_call>{\"name\": \"get_time\"}</tool_call></think>Hm",
            "reasoning: <tool_call>{\"name\": \"get_time\"}</tool_call>", "content: Hm") { Reasoning = name },
    ];
}
