namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Functionary 3.1: <c>&lt;function=name&gt;{…}&lt;/function&gt;</c>. Functionary 3.2: every part of an answer has a
/// recipient, <c>&gt;&gt;&gt;all</c> for text or <c>&gt;&gt;&gt;name</c> for a call, then a line break; the prompt ends
/// in the first <c>&gt;&gt;&gt;</c>. Both names read both forms; they differ in what is prefilled.
/// </summary>
internal sealed class FunctionaryFormat(string name, bool hasRecipients) : IToolCallFormat
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool HasSpecialTokens => false;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new FunctionaryParser(context);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        hasRecipients ? toolName is null ? "" : toolName + "\n" :
        "<function=" + (toolName is null ? "" : toolName + ">");
}
