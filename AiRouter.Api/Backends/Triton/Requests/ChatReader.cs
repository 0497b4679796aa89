using System.Buffers;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Prompting.Formats;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>Reads a chat completion request and renders its prompt.</summary>
internal sealed class ChatReader(PromptFormats formats)
{
    private const int MostTopLogProbs = 20;

    /// <summary>The request; problems are in the reader.</summary>
    public TextRequest Read(MemberReader reader, Translation translation)
    {
        var messages = MessageReader.Read(reader, translation);
        var stop = SamplingReader.ReadStop(reader);
        var n = SamplingReader.ReadN(reader, translation);
        var settings = WithLogProbs(SamplingReader.Read(reader, translation, stop, out var tokenLimit), reader);
        SamplingReader.ReadRest(reader, translation);
        return new TextRequest
        {
            Dialect = ChatDialect.Instance,
            Prompts = reader.Error is null ? [new Prompt(Render(messages, reader, translation))] : [],
            N = n,
            Stop = stop,
            EndTokens = translation.Model.EndTokens,
            TokenLimit = tokenLimit,
            Settings = settings,
        };
    }

    private ReadOnlyMemory<byte> Render(IReadOnlyList<ChatMessage> messages, MemberReader reader, Translation translation)
    {
        var name = translation.Target.PromptFormat ?? translation.Model.PromptFormat;
        if (!formats.TryGet(name, out var format))
        {
            reader.Fail(
                "model", $"The model '{translation.Exchange.PublicName}' has no usable prompt format.",
                Errors.ErrorCause.BackendMisconfigured);
            return default;
        }

        var prompt = new ArrayBufferWriter<byte>();
        var conversation = new Conversation
        {
            Messages = translation.Model.MessageRepair == MessageRepair.Merge ? MessageMerge.Apply(messages) : messages,
        };
        format.Render(conversation, prompt);
        return prompt.WrittenMemory;
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
