namespace AiRouter.Api.Endpoints;

/// <summary>Tokens of one request.</summary>
/// <param name="Input">Prompt tokens, cached ones included.</param>
/// <param name="CachedInput">Those of them that came from the backend's cache.</param>
/// <param name="Output">Completion tokens, reasoning included.</param>
/// <param name="IsEstimated">At least one figure is an estimate of ours, not the model's count.</param>
/// <param name="IsKnown">False: there is no figure at all (yet).</param>
internal readonly record struct TokenUsage(int Input, int CachedInput, int Output, bool IsEstimated, bool IsKnown = true)
{
    /// <summary>Both together.</summary>
    public int Total => Input + Output;

    /// <summary>Those of the completion tokens that were reasoning; null when that is not known.</summary>
    public int? Reasoning { get; init; }
}
