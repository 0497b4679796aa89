namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Llama 3.1, 3.2 and 3.3: <c>{"name": …, "parameters": {…}}</c>, with or without <c>&lt;|python_tag|&gt;</c> before
/// it; several are separated by <c>;</c>. Without the marker only at the answer's beginning, so that an example in a
/// text is no call.
/// </summary>
internal sealed class Llama3Format : IToolCallFormat
{
    private static readonly JsonCallStyle Style = new()
    {
        Markers = new StopStrings(["<|python_tag|>"]),
        Closers = ["<|eom_id|>"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => "llama3";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new JsonCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => JsonPrefill.Object(toolName, "parameters");
}
