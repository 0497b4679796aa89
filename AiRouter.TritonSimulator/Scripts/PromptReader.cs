namespace AiRouter.TritonSimulator.Scripts;

/// <summary>
/// Finds the last message of the user (or the last tool result) in a rendered prompt, whatever its format, so that words in
/// the history do not steer the answer again.
/// </summary>
internal static class PromptReader
{
    private static readonly string[] Starts =
    [
        "<|start_header_id|>user<|end_header_id|>",
        "<|start_header_id|>ipython<|end_header_id|>",
        "<|header_start|>user<|header_end|>",
        "<|im_start|>user",
        "<|im_start|>tool",
        "<|im_user|>user<|im_middle|>",
        "<|start|>user<|message|>",
        "<start_of_turn>user",
        "<|start_of_role|>user<|end_of_role|>",
        "<|START_OF_TURN_TOKEN|><|USER_TOKEN|>",
        "<|user|>",
        "<|User|>",
        "<｜User｜>",
        "<｜tool▁output▁begin｜>",
        "[TOOL_RESULTS]",
        "[INST]",
        "### Instruction:",
        "\nUSER:",
        "\nUser:",
        "\nHuman:",
        "USER:",
        "User:",
    ];

    private static readonly string[] Ends =
    [
        "<|eot_id|>",
        "<|eot|>",
        "<|im_end|>",
        "<|end|>",
        "<end_of_turn>",
        "<|end_of_text|>",
        "<|END_OF_TURN_TOKEN|>",
        "<|assistant|>",
        "<|Assistant|>",
        "<｜Assistant｜>",
        "<｜tool▁output▁end｜>",
        "[/TOOL_RESULTS]",
        "[/INST]",
        "### Response:",
        "\nASSISTANT:",
        "\nAssistant:",
        " ASSISTANT:",
        "</s>",
    ];

    /// <summary>The last message; the whole prompt when it has no turns. Marks inside double brackets do not count.</summary>
    public static ReadOnlySpan<char> LastMessage(ReadOnlySpan<char> prompt)
    {
        var start = -1;
        foreach (var mark in Starts)
        {
            var at = prompt.LastIndexOf(mark, StringComparison.Ordinal);
            while (at >= 0 && InBrackets(prompt[..at]))
            {
                at = prompt[..at].LastIndexOf(mark, StringComparison.Ordinal);
            }

            start = Math.Max(start, at < 0 ? -1 : at + mark.Length);
        }

        if (start < 0)
        {
            return prompt;
        }

        var message = prompt[start..];
        var end = message.Length;
        foreach (var mark in Ends)
        {
            var at = message.IndexOf(mark, StringComparison.Ordinal);
            while (at >= 0 && InBrackets(message[..at]))
            {
                var next = message[(at + 1)..].IndexOf(mark, StringComparison.Ordinal);
                at = next < 0 ? -1 : at + 1 + next;
            }

            end = at < 0 ? end : Math.Min(end, at);
        }

        return message[..end].Trim();
    }

    private static bool InBrackets(ReadOnlySpan<char> before)
    {
        return before.LastIndexOf("[[", StringComparison.Ordinal) > before.LastIndexOf("]]", StringComparison.Ordinal);
    }
}
