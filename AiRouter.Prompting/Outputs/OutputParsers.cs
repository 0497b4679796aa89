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
            new Qwen3CoderFormat(),
            new Llama3Format(),
            new MistralFormat(),
            new DeepSeekFormat("deepseek-v3", true),
            new DeepSeekFormat("deepseek-r1", true),
            new DeepSeekFormat("deepseek-v3.1", false),
            new PythonicFormat(),
            new FunctionaryFormat("functionary", false),
            new FunctionaryFormat("functionary-v3.2", true),
            new GraniteFormat(),
            new CommandFormat("command-r", "Action: ```json\n"),
            new CommandFormat("command-a", "<|START_ACTION|>"),
            new GlmFormat(),
            new KimiFormat(),
            new HarmonyFormat(),
            new JsonFormat(),
        }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>How reasoning is marked, by name.</summary>
    public static FrozenDictionary<string, IReasoningFormat> Reasoning { get; } =
        new IReasoningFormat[]
        {
            new MarkedReasoning("think", ReasoningStyles.Think),
            new MarkedReasoning("deepseek-r1", ReasoningStyles.Think),
            new MarkedReasoning("qwen3", ReasoningStyles.Think),
            new MarkedReasoning("glm", ReasoningStyles.Think),
            new MarkedReasoning("kimi", ReasoningStyles.Kimi),
            new MarkedReasoning("granite", ReasoningStyles.Granite),
            new MarkedReasoning("mistral", ReasoningStyles.Mistral),
            new MarkedReasoning("command-a", ReasoningStyles.Command),
            new MarkedReasoning("seed", ReasoningStyles.Seed),
            new HarmonyFormat(),
        }.ToFrozenDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>A parser for one answer.</summary>
    /// <param name="toolCalls">How calls are written; null: they are not looked for.</param>
    /// <param name="reasoning">How reasoning is marked; null: it is content.</param>
    /// <param name="context">The request.</param>
    public static IOutputParser Start(IToolCallFormat? toolCalls, IReasoningFormat? reasoning, OutputContext context)
    {
        var isRead = toolCalls is { MarksEveryAnswer: true } || context.ToolNames.Count > 0;
        var calls = isRead && toolCalls is not null ? toolCalls.Start(context) : new PlainOutput();
        return reasoning is null ? calls : reasoning.Start(context, calls);
    }
}
