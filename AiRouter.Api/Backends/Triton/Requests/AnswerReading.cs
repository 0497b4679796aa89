using System.Text.Json;
using AiRouter.Api.Streaming;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>How a model's text becomes an answer: what is reasoning in it, what a call, how they are written.</summary>
internal sealed record AnswerReading
{
    /// <summary>Everything is content.</summary>
    public static AnswerReading Plain { get; } = new();

    /// <summary>How the model writes calls; null: they are not looked for, unless it is constrained to them.</summary>
    public IToolCallFormat? Calls { get; init; }

    /// <summary>The model is constrained to calls: JSON, whatever its own way to write them.</summary>
    public bool AreCallsGuided { get; init; }

    /// <summary>The one function that the model is constrained to call; null: any.</summary>
    public string? GuidedName { get; init; }

    /// <summary>How reasoning is marked; null: it is content.</summary>
    public IReasoningFormat? Reasoning { get; init; }

    /// <summary>What may be called.</summary>
    public IReadOnlyList<string> ToolNames { get; init; } = [];

    /// <summary>The tools with their schemas, for formats whose calls do not tell the types of their arguments.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>False: the answer ends with its first call.</summary>
    public bool IsParallel { get; init; } = true;

    /// <summary>What stands behind the prompt for the model to go on with: the parser's before the answer.</summary>
    public ReadOnlyMemory<byte> Prefill { get; init; }

    /// <summary>The model is constrained from its first token on: reasoning that a template opens stays empty.</summary>
    public bool IsConstrained { get; init; }

    /// <summary>How reasoning and calls are written.</summary>
    public AnswerStyle Style { get; init; }

    /// <summary>Whether nothing is looked for.</summary>
    public bool IsPlain => Calls is null && Reasoning is null && !AreCallsGuided;

    /// <summary>A parser for one answer to <paramref name="prompt"/>.</summary>
    public IOutputParser Start(Prompt prompt)
    {
        var context = new OutputContext
        {
            ToolNames = ToolNames,
            Tools = Tools,
            PromptEnd = IsConstrained ? default : prompt.Text,
        };
        if (!AreCallsGuided)
        {
            return OutputParsers.Start(Calls, Reasoning, context);
        }

        var calls = GuidedCall.Start(context, GuidedName);
        return Reasoning is null ? calls : Reasoning.Start(context, calls);
    }
}
