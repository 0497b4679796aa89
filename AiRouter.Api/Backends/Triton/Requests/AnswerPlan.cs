using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Outputs;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// How a chat request gets the answer that it asks for: which tools the prompt shows, what the model is constrained to,
/// and how its text is read. Decided from the request, the model's configuration, its format and what it can be told.
/// </summary>
/// <param name="Tools">The tools that may be called, and that the prompt shows.</param>
/// <param name="Reading">How the model's text is read.</param>
/// <param name="Guide">What the model is constrained to.</param>
/// <param name="KeepsSpecialTokens">The markers that are read are special tokens: they must not be left out.</param>
internal sealed record AnswerPlan(ToolRequest Tools, AnswerReading Reading, AskedGuide? Guide, bool KeepsSpecialTokens)
{
    /// <summary>The plan; what cannot be done is refused or left out (R11).</summary>
    public static AnswerPlan Make(MemberReader reader, Translation translation, ToolRequest tools, AskedGuide? guide)
    {
        var calls = CallFormatOf(translation);
        tools = Fit(reader, translation, tools, calls);
        guide = Fit(reader, translation, tools, guide);
        var reading = new AnswerReading
        {
            Calls = tools.IsAny || calls is { MarksEveryAnswer: true } ? calls : null,
            Reasoning = ReasoningFormatOf(translation),
            ToolNames = tools.Named is { } only ? [only] : [.. tools.Functions.Select(f => f.Name)],
            Tools = tools.Shown?.Clone(),
            IsParallel = tools.IsParallel && tools.Named is null,
            IsConstrained = guide is not null,
            Style = new AnswerStyle(translation.Model.ReasoningOutput == ReasoningOutput.Both, tools.IsLegacy),
        };
        if (tools.IsRequired)
        {
            (reading, guide) = Force(translation, tools, reading);
        }

        var isMarked = reading
            is { Calls.HasSpecialTokens: true, AreCallsGuided: false }
            or { Reasoning.HasSpecialTokens: true };
        return new AnswerPlan(
            tools, reading, guide, isMarked && translation.Serving.Supports(GenerationParameter.SkipSpecialTokens));
    }

    /// <summary>The settings with what the plan tells the model.</summary>
    public GenerationRequest Apply(GenerationRequest settings) => settings with
    {
        Guide = Guide?.Guide,
        SkipSpecialTokens = KeepsSpecialTokens ? false : settings.SkipSpecialTokens,
    };

    /// <summary>The prompt with what the model is to go on with behind it.</summary>
    public ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> prompt)
    {
        if (Reading.Prefill.IsEmpty)
        {
            return prompt;
        }

        // A template that opens the reasoning for the model: a call is no thought.
        var close = prompt.Span.TrimEnd(" \n\r\t"u8).EndsWith("<think>"u8) ? "\n</think>\n\n"u8 : default;
        return (byte[])[.. prompt.Span, .. close, .. Reading.Prefill.Span];
    }

    /// <summary>Tools that the model is not shown, or whose calls nobody could read, are no tools.</summary>
    private static ToolRequest Fit(
        MemberReader reader, Translation translation, ToolRequest tools, IToolCallFormat? calls)
    {
        if (!tools.IsAny)
        {
            return tools;
        }

        var canGuide = translation.Serving.Supports(GenerationParameter.Guide);
        var isShown = translation.Format.Traits.TakesTools;
        var isRead = calls is not null || translation.Model.ToolCalls == OutputParsers.None;
        if (!(isShown && isRead) && !(tools.IsRequired && canGuide))
        {
            SamplingReader.RejectOrDrop(
                reader,
                translation,
                tools.Parameter,
                isShown
                    ? "nobody knows how it writes calls (its configuration can say so in 'toolCalls')"
                    : "its prompt format does not show tools to it");
            return ToolRequest.None;
        }

        if (tools.IsRequired && calls is null && !canGuide)
        {
            SamplingReader.RejectOrDrop(reader, translation, tools.ChoiceParameter);
            return tools with { IsRequired = false, Named = null };
        }

        return tools;
    }

    /// <summary>A model is constrained from its first token on: it cannot be free to call and bound at once.</summary>
    private static AskedGuide? Fit(MemberReader reader, Translation translation, ToolRequest tools, AskedGuide? guide)
    {
        if (guide is null)
        {
            return null;
        }

        if (tools.IsRequired)
        {
            reader.Fail(
                guide.Parameter,
                $"Invalid '{guide.Parameter}': '{tools.ChoiceParameter}' asks for a call, so the answer cannot have " +
                "a form of its own.");
            return null;
        }

        if (tools.IsAny)
        {
            SamplingReader.Reject(
                reader,
                translation,
                guide.Parameter,
                $"an answer that may call '{tools.Parameter}' cannot have a form of its own. " +
                $"Send one of them, or '{tools.ChoiceParameter}': 'none'");
            return null;
        }

        return GuideReader.Fit(reader, translation, guide);
    }

    /// <summary>A call is forced by a schema where the model takes one, else by a prompt that has begun it.</summary>
    private static (AnswerReading Reading, AskedGuide? Guide) Force(
        Translation translation, ToolRequest tools, AnswerReading reading)
    {
        if (translation.Serving.Supports(GenerationParameter.Guide))
        {
            return (
                reading with { AreCallsGuided = true, GuidedName = tools.Named, IsConstrained = true },
                new AskedGuide(ToolSchema.For(tools), tools.ChoiceParameter));
        }

        if (reading.Calls is not { } calls)
        {
            return (reading, null);
        }

        var prefill = System.Text.Encoding.UTF8.GetBytes(calls.Prefill(tools.Named));
        return (reading with { Reasoning = null, Prefill = prefill }, null);
    }

    private static IToolCallFormat? CallFormatOf(Translation translation) =>
        (translation.Model.ToolCalls ?? translation.Format.Traits.ToolCalls) is { } name
            ? OutputParsers.ToolCalls.GetValueOrDefault(name)
            : null;

    private static IReasoningFormat? ReasoningFormatOf(Translation translation)
    {
        var name = translation.Model.Reasoning ?? translation.Format.Traits.Reasoning;
        return name is null || translation.Model.ReasoningOutput == ReasoningOutput.Content
            ? null
            : OutputParsers.Reasoning.GetValueOrDefault(name);
    }
}
