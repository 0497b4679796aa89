namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// DeepSeek V3 and R1: between <c>&lt;｜tool▁calls▁begin｜&gt;</c> and <c>&lt;｜tool▁calls▁end｜&gt;</c> one
/// <c>&lt;｜tool▁call▁begin｜&gt;function&lt;｜tool▁sep｜&gt;name</c> a call and its arguments in a fenced block. V3.1:
/// <c>&lt;｜tool▁call▁begin｜&gt;name&lt;｜tool▁sep｜&gt;{…}</c>. Every name reads all forms; they differ in what is
/// prefilled.
/// </summary>
internal sealed class DeepSeekFormat(string name, bool isFenced) : IToolCallFormat
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool HasSpecialTokens => false;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new DeepSeekParser(context);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>" + (isFenced ? "function<｜tool▁sep｜>" : "") + toolName +
        (toolName is null ? "" : isFenced ? "\n```json\n" : "<｜tool▁sep｜>");
}
