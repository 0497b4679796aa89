using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Outputs;

namespace AiRouter.Api.Backends.Triton.Generations;

/// <summary>What all choices of an answer have in common.</summary>
internal sealed class ChoiceSettings(TextRequest request, AnswerIds ids, ITokenCounter? tokenizer, bool modelCounts = true)
{
    /// <summary>How the model's text is read.</summary>
    public AnswerReading Reading => request.Reading;

    /// <summary>
    /// Texts that end the model's answer, before anything is read from it. Where nothing is read they are among <see
    /// cref="Stops"/>: one look at the text is enough then.
    /// </summary>
    public StopStrings Ends { get; } = request.Reading.IsPlain ? StopStrings.None : new StopStrings(request.EndTokens);

    /// <summary>Texts that end what the client sees (R16): reasoning and calls are not looked at.</summary>
    public StopStrings Stops { get; } =
        new(request.Reading.IsPlain ? request.Stop.Concat(request.EndTokens) : request.Stop);

    /// <summary>Whether log probabilities are wanted.</summary>
    public bool WithLogProbs => request.Settings.LogProbs;

    /// <summary>The token limit.</summary>
    public int MaxTokens => request.Settings.MaxTokens;

    /// <summary>Makes the ids of calls.</summary>
    public AnswerIds Ids => ids;

    /// <summary>Whether the model tells how many tokens it generated.</summary>
    public bool ModelCounts => modelCounts;

    /// <summary>Counts the model's tokens; null: nobody does.</summary>
    public ITokenCounter? Tokenizer => tokenizer;
}
