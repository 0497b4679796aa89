namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Granite 3: <c>&lt;|tool_call|&gt;[{"name": …, "arguments": {…}}, …]</c> (3.0) or <c>&lt;tool_call&gt;[…]</c> (3.1
/// and later). Granite 4 writes single objects between <c>&lt;tool_call&gt;</c> and <c>&lt;/tool_call&gt;</c>.
/// </summary>
internal sealed class GraniteFormat : IToolCallFormat
{
    private static readonly JsonCallStyle Style = new()
    {
        Markers = new StopStrings(["<|tool_call|>", "<tool_call>"]),
        Closers = ["</tool_call>"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => "granite";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new JsonCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => "<|tool_call|>[" + JsonPrefill.Object(toolName, "arguments");
}
