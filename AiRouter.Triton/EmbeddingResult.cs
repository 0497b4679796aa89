namespace AiRouter.Triton;

/// <summary>
/// The vectors of an <see cref="EmbeddingRequest"/>, or why there are none. Dispose it when they have been used: their memory
/// is used again.
/// </summary>
public sealed record EmbeddingResult : IDisposable
{
    /// <summary>
    /// One vector for each input, in order; empty when <see cref="Failure"/> is set. Valid until this is disposed.
    /// </summary>
    public IReadOnlyList<ReadOnlyMemory<float>> Vectors { get; init; } = [];

    /// <summary>The tokens of all inputs, when the model counts them or they came as tokens.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Why the call failed.</summary>
    public TritonFailure? Failure { get; init; }

    /// <summary>Where the vectors lie.</summary>
    internal IReadOnlyList<VectorBlock> Blocks { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var block in Blocks)
        {
            block.Dispose();
        }
    }
}
