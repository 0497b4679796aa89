namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Kimi K2: between <c>&lt;|tool_calls_section_begin|&gt;</c> and <c>&lt;|tool_calls_section_end|&gt;</c> one
/// <c>&lt;|tool_call_begin|&gt;functions.name:0&lt;|tool_call_argument_begin|&gt;{…}&lt;|tool_call_end|&gt;</c> a call.
/// What names the call is its id too, and the model wants it back.
/// </summary>
internal sealed class KimiFormat : IToolCallFormat
{
    /// <inheritdoc/>
    public string Name => "kimi";

    /// <inheritdoc/>
    public bool HasSpecialTokens => true;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new KimiParser(context);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        "<|tool_calls_section_begin|><|tool_call_begin|>functions." +
        (toolName is null ? "" : toolName + ":0<|tool_call_argument_begin|>");
}
