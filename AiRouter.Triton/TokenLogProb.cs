namespace AiRouter.Triton;

/// <summary>The log probability of one generated token.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="LogProb">Its natural log probability.</param>
/// <param name="Top">The most likely tokens at this place, best first; as many as were asked for.</param>
public sealed record TokenLogProb(string Token, double LogProb, IReadOnlyList<TokenAlternative> Top);

/// <summary>One of the most likely tokens at a place.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="LogProb">Its natural log probability.</param>
public sealed record TokenAlternative(string Token, double LogProb);
