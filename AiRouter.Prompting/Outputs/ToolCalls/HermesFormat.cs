namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Hermes 2 Pro and 3, Qwen 2.5, Qwen 3 and QwQ: <c>&lt;tool_call&gt;{"name": …, "arguments":
/// {…}}&lt;/tool_call&gt;</c>, one pair of markers a call. Some tokenizers have the markers as special tokens, others
/// as plain ones.
/// </summary>
internal sealed class HermesFormat : IToolCallFormat
{
    private static readonly JsonCallStyle Style = new()
    {
        Markers = new StopStrings(["<tool_call>"]),
        Closers = ["</tool_call>"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => "hermes";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new JsonCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => "<tool_call>\n" + JsonPrefill.Object(toolName, "arguments");
}
