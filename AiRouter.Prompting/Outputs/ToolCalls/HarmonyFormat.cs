namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// gpt-oss: messages in channels. <c>final</c> is the answer, <c>analysis</c> the reasoning, <c>commentary</c> with a
/// recipient <c>functions.name</c> a call. One parser reads all of them, see <see cref="HarmonyParser"/>.
/// </summary>
internal sealed class HarmonyFormat : IToolCallFormat, IReasoningFormat
{
    /// <inheritdoc/>
    public string Name => "harmony";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public bool MarksEveryAnswer => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new HarmonyParser(context, false);

    /// <summary>A parser for one answer; calls are looked for when they are in <paramref name="rest"/>.</summary>
    public IOutputParser Start(OutputContext context, IOutputParser rest) =>
        new HarmonyParser(rest is HarmonyParser ? context : context with { ToolNames = [] }, true);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        "<|channel|>commentary to=functions." +
        (toolName is null ? "" : toolName + " <|constrain|>json<|message|>");
}
