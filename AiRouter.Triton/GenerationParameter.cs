namespace AiRouter.Triton;

/// <summary>What a <see cref="GenerationRequest"/> can carry besides the prompt and the token limit.</summary>
public enum GenerationParameter
{
    /// <summary><see cref="GenerationRequest.PromptTokens"/>.</summary>
    PromptTokens,

    /// <summary><see cref="GenerationRequest.Temperature"/>.</summary>
    Temperature,

    /// <summary><see cref="GenerationRequest.TopP"/>.</summary>
    TopP,

    /// <summary><see cref="GenerationRequest.TopK"/>.</summary>
    TopK,

    /// <summary><see cref="GenerationRequest.MinP"/>.</summary>
    MinP,

    /// <summary><see cref="GenerationRequest.Seed"/>.</summary>
    Seed,

    /// <summary><see cref="GenerationRequest.Stop"/>.</summary>
    Stop,

    /// <summary><see cref="GenerationRequest.StopTokenIds"/>.</summary>
    StopTokenIds,

    /// <summary><see cref="GenerationRequest.BadWords"/>.</summary>
    BadWords,

    /// <summary><see cref="GenerationRequest.FrequencyPenalty"/>.</summary>
    FrequencyPenalty,

    /// <summary><see cref="GenerationRequest.PresencePenalty"/>.</summary>
    PresencePenalty,

    /// <summary><see cref="GenerationRequest.RepetitionPenalty"/>.</summary>
    RepetitionPenalty,

    /// <summary><see cref="GenerationRequest.LengthPenalty"/>.</summary>
    LengthPenalty,

    /// <summary><see cref="GenerationRequest.MinTokens"/>.</summary>
    MinTokens,

    /// <summary><see cref="GenerationRequest.IgnoreEos"/>.</summary>
    IgnoreEos,

    /// <summary><see cref="GenerationRequest.SkipSpecialTokens"/>.</summary>
    SkipSpecialTokens,

    /// <summary><see cref="GenerationRequest.LogitBias"/>.</summary>
    LogitBias,

    /// <summary><see cref="GenerationRequest.LogProbs"/>.</summary>
    LogProbs,

    /// <summary><see cref="GenerationRequest.TopLogProbs"/>.</summary>
    TopLogProbs,

    /// <summary><see cref="GenerationRequest.Lora"/>.</summary>
    Lora,

    /// <summary><see cref="GenerationRequest.Guide"/>.</summary>
    Guide,

    /// <summary><see cref="GenerationRequest.Images"/>.</summary>
    Images,
}
