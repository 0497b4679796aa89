namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Python's own notation, <c>[f(a=1), g(b="x")]</c>, as the answer's beginning or behind <c>&lt;|python_start|&gt;</c>:
/// Llama 3.2 and 4, ToolACE.
/// </summary>
internal sealed class PythonicFormat : IToolCallFormat
{
    /// <inheritdoc/>
    public string Name => "pythonic";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new PythonicParser(context);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => $"[{toolName}{(toolName is null ? "" : "(")}";
}
