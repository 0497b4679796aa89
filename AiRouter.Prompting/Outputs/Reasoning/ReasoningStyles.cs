using System.Text;

namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>The markers of the families.</summary>
internal static class ReasoningStyles
{
    /// <summary>
    /// DeepSeek R1, Qwen 3, QwQ, GLM, Kimi K2 Thinking and many others; some prompts end in the opening marker.
    /// </summary>
    public static ReasoningStyle Think { get; } = Of(["<think>"], ["</think>"]);

    /// <summary>Kimi K2 Thinking, and Kimi 1.5 and VL before it.</summary>
    public static ReasoningStyle Kimi { get; } = Of(["<think>", "◁think▷"], ["</think>", "◁/think▷"]);

    /// <summary>Granite 3.2 writes sentences, Granite 3.3 tags, and tags around the answer too.</summary>
    public static ReasoningStyle Granite { get; } = Of(
        ["Here is my thought process:", "Here's my thought process:", "<think>"],
        ["Here is my response:", "Here's my response:", "</think>"]) with
    {
        Space = " \n"u8.ToArray(),
        Around = new StopStrings(["<response>", "</response>"]),
    };

    /// <summary>Magistral; its first version wrote <c>&lt;think&gt;</c>.</summary>
    public static ReasoningStyle Mistral { get; } = Of(["[THINK]", "<think>"], ["[/THINK]", "</think>"]) with
    {
        HasSpecialTokens = true,
    };

    /// <summary>Command A Reasoning and Command R7B, with markers around the answer too.</summary>
    public static ReasoningStyle Command { get; } = Of(["<|START_THINKING|>"], ["<|END_THINKING|>"]) with
    {
        HasSpecialTokens = true,
        Around = new StopStrings(["<|START_RESPONSE|>", "<|END_RESPONSE|>", "<|START_TEXT|>", "<|END_TEXT|>"]),
    };

    /// <summary>Seed-OSS.</summary>
    public static ReasoningStyle Seed { get; } = Of(["<seed:think>"], ["</seed:think>"]);

    private static ReasoningStyle Of(string[] openers, string[] closers) => new()
    {
        Openers = [.. openers.Select(Encoding.UTF8.GetBytes)],
        Closers = new StopStrings(closers),
    };
}
