namespace AiRouter.Triton;

/// <summary>The vectors of an <see cref="EmbeddingRequest"/>, or why there are none.</summary>
public sealed record EmbeddingResult
{
    /// <summary>One vector for each input, in order; empty when <see cref="Failure"/> is set.</summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Vectors { get; init; } = [];

    /// <summary>The tokens of all inputs, when the model counts them or they came as tokens.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Why the call failed.</summary>
    public TritonFailure? Failure { get; init; }
}
