namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>
/// Qwen 3 Coder and Qwen 3.5:
///
/// <c>&lt;tool_call&gt;&lt;function=name&gt;&lt;parameter=key&gt;value&lt;/parameter&gt;&lt;/function&gt;&lt;/tool_call&gt;</c>,
/// each on lines of their own. The outer markers are sometimes missing. Seed-OSS writes <c>&lt;seed:tool_call&gt;</c>
/// for them.
/// </summary>
internal sealed class Qwen3CoderFormat : IToolCallFormat
{
    private static readonly TaggedCallStyle Style = new()
    {
        Markers = new StopStrings(["<tool_call>", "<seed:tool_call>", "<function="]),
        NameOpener = "<function="u8.ToArray(),
        NameCloser = ">"u8.ToArray(),
        KeyOpener = "<parameter="u8.ToArray(),
        KeyCloser = ">"u8.ToArray(),
        ValueCloser = "</parameter>"u8.ToArray(),
        ValueClosers = new StopStrings(["</parameter>", "\n</parameter>"]),
        IsValueOnLines = true,
        CallCloser = "</function>"u8.ToArray(),
        Closers = ["</tool_call>"u8.ToArray(), "</seed:tool_call>"u8.ToArray()],
    };

    /// <inheritdoc/>
    public string Name => "qwen3-coder";

    /// <inheritdoc/>
    public bool HasSpecialTokens => false;

    /// <inheritdoc/>
    public int? IdLength => null;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context) => new TaggedCallParser(context, Style);

    /// <inheritdoc/>
    public string Prefill(string? toolName) =>
        "<tool_call>\n<function=" + (toolName is null ? "" : toolName + ">\n");
}
