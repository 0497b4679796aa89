namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>
/// <c>&lt;think&gt;…&lt;/think&gt;</c>: DeepSeek R1, Qwen 3, QwQ, GLM, Kimi K2 and many others, which differ only in whether the prompt
/// already ends in the opening marker.
/// </summary>
internal sealed class ThinkFormat(string name) : IReasoningFormat
{
    private static readonly ReasoningStyle Style = new()
    {
        Openers = ["<think>"u8.ToArray()],
        Closers = new StopStrings(["</think>"]),
    };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context, IOutputParser rest) => new ReasoningParser(context, rest, Style);
}
