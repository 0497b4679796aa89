using System.Collections.Frozen;
using AiRouter.Prompting.Outputs.Reasoning;
using AiRouter.Prompting.Outputs.ToolCalls;

namespace AiRouter.Prompting.Outputs;

/// <summary>The ways to read an answer, by name. A new one is one file and a line here.</summary>
public static class OutputParsers
{
    /// <summary>The name that switches reading off.</summary>
    public const string None = "none";

    /// <summary>How tool calls are written, by name.</summary>
    public static FrozenDictionary<string, IToolCallFormat> ToolCalls { get; } =
        new IToolCallFormat[]
        {
            new HermesFormat(),
            new Llama3Format(),
        }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>How reasoning is marked, by name.</summary>
    public static FrozenDictionary<string, IReasoningFormat> Reasoning { get; } =
        new IReasoningFormat[]
        {
            new ThinkFormat("think"),
        }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>A parser for one answer.</summary>
    /// <param name="toolCalls">How calls are written; null: they are not looked for.</param>
    /// <param name="reasoning">How reasoning is marked; null: it is content.</param>
    /// <param name="context">The request.</param>
    public static IOutputParser Start(IToolCallFormat? toolCalls, IReasoningFormat? reasoning, OutputContext context)
    {
        var calls = toolCalls is null || context.ToolNames.Count == 0 ? new PlainOutput() : toolCalls.Start(context);
        return reasoning is null ? calls : reasoning.Start(context, calls);
    }
}
