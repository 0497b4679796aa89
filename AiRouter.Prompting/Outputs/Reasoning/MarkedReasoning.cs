namespace AiRouter.Prompting.Outputs.Reasoning;

/// <summary>Reasoning between markers at an answer's beginning.</summary>
internal sealed class MarkedReasoning(string name, ReasoningStyle style) : IReasoningFormat
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public bool HasSpecialTokens => style.HasSpecialTokens;

    /// <inheritdoc/>
    public IOutputParser Start(OutputContext context, IOutputParser rest) => new ReasoningParser(
        context, style.Around == StopStrings.None ? rest : new MarkerFilter(rest, style.Around), style);
}
