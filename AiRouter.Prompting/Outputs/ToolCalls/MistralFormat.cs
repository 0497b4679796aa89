namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Mistral's models. Up to version 3 of the tokenizer a list, <c>[TOOL_CALLS] [{"name": …, "arguments": {…}}]</c>;
/// later <c>[TOOL_CALLS]name[ARGS]{…}</c>, the marker before each call, with an id between them (<c>[CALL_ID]</c>) in
/// some models.
/// </summary>
internal sealed class MistralFormat : IToolCallFormat
{
    /// <inheritdoc/>
    public string Name => "mistral";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => 9;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new MistralParser(context);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        "[TOOL_CALLS][" + JsonPrefill.Object(toolName, "arguments");
}
