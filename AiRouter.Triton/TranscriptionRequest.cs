namespace AiRouter.Triton;

/// <summary>Audio to be written down in one call.</summary>
public sealed record TranscriptionRequest
{
    /// <summary>The tokens that the transcript begins with, as text, UTF-8: language, task and what was said before.</summary>
    public required ReadOnlyMemory<byte> Prefix { get; init; }

    /// <summary>Mono, 16,000 samples a second, from -1 to 1; Whisper hears 30 s at most.</summary>
    public required ReadOnlyMemory<float> Samples { get; init; }

    /// <summary>
    /// How freely tokens are chosen, where the model takes it (<see cref="Models.TritonModel.TranscribesAtTemperature"/>).
    /// </summary>
    public double? Temperature { get; init; }

    /// <summary>The request's id: <c>x-request-id</c> in the gRPC metadata.</summary>
    public required string RequestId { get; init; }

    /// <summary>Triton's request id, which tells the calls of one request apart; null: the request's own.</summary>
    public string? CallId { get; init; }

    /// <summary>W3C <c>traceparent</c> for the gRPC metadata.</summary>
    public string? TraceParent { get; init; }

    /// <summary>W3C <c>tracestate</c> for the gRPC metadata.</summary>
    public string? TraceState { get; init; }
}
