namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Cohere's models. Command R: <c>Action: ```json [{"tool_name": …, "parameters": {…}}] ```</c>. Command R7B and
/// Command A: <c>&lt;|START_ACTION|&gt;[…]&lt;|END_ACTION|&gt;</c>. Their ids count calls within one answer, so they
/// are not told.
/// </summary>
internal sealed class CommandFormat(string name, string opening) : IToolCallFormat
{
    private static readonly JsonCallStyle Style = new()
    {
        Markers = new StopStrings(["<|START_ACTION|>", "Action:"]),
        Fences = ["```json"u8.ToArray(), "```"u8.ToArray()],
        Closers = ["```"u8.ToArray(), "<|END_ACTION|>"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new JsonCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        opening + "[" + JsonPrefill.Object(toolName, "parameters", "tool_name");
}
