namespace AiRouter.Prompting.Formats.Loading;

/// <summary>What a template's own text tells about a model, where no manifest does: models write answers as their templates show them.</summary>
internal static class FormatSniffer
{
    /// <summary>Marks of tool calls, the more telling first.</summary>
    internal static readonly (string Mark, string? With, string Parser)[] ToolCalls =
    [
        ("<|channel|>", null, "harmony"),
        ("<｜tool▁calls▁begin｜>", "```json", "deepseek-v3"),
        ("<｜tool▁calls▁begin｜>", null, "deepseek-v3.1"),
        ("<|tool_calls_section_begin|>", null, "kimi"),
        ("[TOOL_CALLS]", null, "mistral"),
        ("<|START_ACTION|>", null, "command-a"),
        ("<|START_OF_TURN_TOKEN|>", "Action:", "command-r"),
        ("<tool_call>", "<arg_key>", "glm"),
        ("<|observation|>", "<tool_call>", "glm"),
        ("<tool_call>", "<parameter=", "qwen3-coder"),
        ("<tool_call>", null, "hermes"),
        ("<|recipient|>", null, "functionary"),
        (">>>all", null, "functionary-v3.2"),
        ("<function=", null, "functionary"),
        ("<|tool_call|>", null, "granite"),
        ("<|python_tag|>", null, "llama3"),
        ("<|eom_id|>", null, "llama3"),
        ("<|eot_id|>", "\"parameters\"", "llama3"),
    ];

    /// <summary>Marks of reasoning, the more telling first.</summary>
    internal static readonly (string Mark, string? With, string Parser)[] Reasoning =
    [
        ("<|channel|>", null, "harmony"),
        ("<|START_THINKING|>", null, "command-a"),
        ("[THINK]", null, "mistral"),
        ("<seed:think>", null, "seed"),
        ("<think>", null, "think"),
        ("</think>", null, "think"),
        ("Here is my thought process:", null, "granite"),
    ];

    /// <summary>Tokens that end an answer wherever they are known.</summary>
    private static readonly string[] Ends =
    [
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|eot|>", "<|end|>", "<|endoftext|>", "<|end_of_text|>", "<end_of_turn>",
        "<|END_OF_TURN_TOKEN|>", "<｜end▁of▁sentence｜>", "<|return|>", "<|call|>", "<|end_of_turn|>",
    ];

    /// <summary>What <paramref name="texts"/>, the format's templates, tell.</summary>
    /// <param name="texts">The templates' texts.</param>
    /// <param name="eos">The token that ends a turn, when it is known.</param>
    public static FormatTraits Read(IReadOnlyCollection<string> texts, string? eos) => new()
    {
        ToolCalls = Find(ToolCalls, texts),
        Reasoning = Find(Reasoning, texts),
        EndTokens = EndTokens(texts, eos),
    };

    private static List<string> EndTokens(IReadOnlyCollection<string> texts, string? eos)
    {
        var ends = Ends.Where(end => Contain(texts, end)).ToList();
        if (Contain(texts, "[gMASK]"))
        {
            // GLM ends its turn by naming who speaks next.
            ends.AddRange(["<|user|>", "<|observation|>"]);
        }

        if (!string.IsNullOrEmpty(eos) && !ends.Contains(eos))
        {
            ends.Insert(0, eos);
        }

        return ends;
    }

    private static string? Find((string Mark, string? With, string Parser)[] marks, IReadOnlyCollection<string> texts) =>
        marks.FirstOrDefault(m => Contain(texts, m.Mark) && (m.With is null || Contain(texts, m.With))).Parser;

    private static bool Contain(IReadOnlyCollection<string> texts, string mark) =>
        texts.Any(text => text.Contains(mark, StringComparison.Ordinal));
}
