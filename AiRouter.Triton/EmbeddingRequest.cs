namespace AiRouter.Triton;

/// <summary>Texts or token arrays to embed.</summary>
public sealed record EmbeddingRequest
{
    /// <summary>What to embed, in the order of the answer.</summary>
    public required IReadOnlyList<EmbeddingInput> Inputs { get; init; }

    /// <summary>
    /// The length of the vectors, where the model takes it (<see cref="Models.TritonModel.TakesDimensions"/>).
    /// </summary>
    public int? Dimensions { get; init; }

    /// <summary>The request's id: Triton's request id, and <c>x-request-id</c> in the gRPC metadata.</summary>
    public required string RequestId { get; init; }

    /// <summary>W3C <c>traceparent</c> for the gRPC metadata.</summary>
    public string? TraceParent { get; init; }

    /// <summary>W3C <c>tracestate</c> for the gRPC metadata.</summary>
    public string? TraceState { get; init; }
}

/// <summary>One text, or one array of token ids.</summary>
public sealed record EmbeddingInput
{
    private EmbeddingInput(ReadOnlyMemory<byte> text, IReadOnlyList<int>? tokens)
    {
        Text = text;
        Tokens = tokens;
    }

    /// <summary>The text, UTF-8; empty when <see cref="Tokens"/> is set.</summary>
    public ReadOnlyMemory<byte> Text { get; }

    /// <summary>The token ids, or null for a text.</summary>
    public IReadOnlyList<int>? Tokens { get; }

    /// <summary>An input from UTF-8 text.</summary>
    public static EmbeddingInput FromText(ReadOnlyMemory<byte> text) => new(text, null);

    /// <summary>An input from token ids.</summary>
    public static EmbeddingInput FromTokens(IReadOnlyList<int> tokens) => new(default, tokens);
}
