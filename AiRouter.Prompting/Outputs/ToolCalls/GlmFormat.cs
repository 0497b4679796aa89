namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// GLM 4.5 and later:
///
/// <c>&lt;tool_call&gt;name&lt;arg_key&gt;key&lt;/arg_key&gt;&lt;arg_value&gt;value&lt;/arg_value&gt;…&lt;/tool_call&gt;</c>,
/// with line breaks between the tags in the older ones.
/// </summary>
internal sealed class GlmFormat : IToolCallFormat
{
    private static readonly TaggedCallStyle Style = new()
    {
        Markers = new StopStrings(["<tool_call>"]),
        KeyOpener = "<arg_key>"u8.ToArray(),
        KeyCloser = "</arg_key>"u8.ToArray(),
        ValueOpener = "<arg_value>"u8.ToArray(),
        ValueCloser = "</arg_value>"u8.ToArray(),
        ValueClosers = new StopStrings(["</arg_value>"]),
        CallCloser = "</tool_call>"u8.ToArray(),
    };

    /// <inheritdoc/>
    public string Name => "glm";

    /// <inheritdoc/>
    public bool HasSpecialTokens => false;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new TaggedCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) => "<tool_call>" + (toolName is null ? "" : toolName + "\n");
}
