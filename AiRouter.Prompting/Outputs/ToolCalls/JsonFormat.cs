namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Bare JSON, an object or a list, that is the answer's beginning: for models that were asked for it in the prompt, as
/// Hammer is. It may stand in a fenced block.
/// </summary>
internal sealed class JsonFormat : IToolCallFormat
{
    private static readonly JsonCallStyle Style = new()
    {
        Fences = ["```json"u8.ToArray(), "```"u8.ToArray()],
        Closers = ["```"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => "json";

    /// <inheritdoc/>
    public bool HasSpecialTokens => false;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new JsonCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => "[" + JsonPrefill.Object(toolName, "arguments");
}
