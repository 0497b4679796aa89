using AiRouter.Api.Streaming;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads a chat completion request and renders its prompt.</summary>
internal sealed class ChatReader(PromptRenderer renderer)
{
    private const int MostTopLogProbs = 20;

    /// <summary>The request; problems are in the reader.</summary>
    public TextRequest Read(MemberReader reader, Translation translation)
    {
        var plan = AnswerPlan.Make(
            reader, translation, ToolReader.Read(reader, translation), GuideReader.Read(reader, translation));
        var (conversation, images) = ConversationReader.Read(reader, translation);
        conversation = conversation with { Tools = plan.Tools.Shown };
        var stop = SamplingReader.ReadStop(reader);
        var n = SamplingReader.ReadN(reader, translation);

        // A model that is told them would stop at them in its reasoning and in its calls too (R16).
        var sentStop = plan.Reading.IsPlain ? stop : [];
        var settings = WithLogProbs(SamplingReader.Read(reader, translation, sentStop, out var tokenLimit), reader);
        SamplingReader.ReadRest(reader, translation);
        return new TextRequest
        {
            Dialect = ChatDialect.Instance,
            Prompts = reader.Error is null
                ? [new Prompt(plan.Apply(renderer.Render(reader, translation, conversation)))]
                : [],
            N = n,
            Stop = stop,
            EndTokens = translation.EndTokens,
            TokenLimit = tokenLimit,
            GuideParameter = plan.Guide?.Parameter,
            Reading = plan.Reading,
            Settings = plan.Apply(settings) with { Images = images },
        };
    }

    private static GenerationRequest WithLogProbs(GenerationRequest settings, MemberReader reader)
    {
        var logProbs = reader.Flag("logprobs") ?? false;
        var top = reader.Integer("top_logprobs", 0, MostTopLogProbs) is > 0 and var count ? count : (int?)null;
        if (top is not null && !logProbs)
        {
            reader.Fail("top_logprobs", "Invalid 'top_logprobs': it needs 'logprobs' to be true.");
        }

        return settings with { LogProbs = logProbs, TopLogProbs = top };
    }
}
