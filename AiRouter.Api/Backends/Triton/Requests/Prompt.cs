namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>What a model is to continue.</summary>
/// <param name="Text">UTF-8; empty when <paramref name="Tokens"/> is set.</param>
/// <param name="Tokens">Token ids, instead of a text.</param>
internal sealed record Prompt(ReadOnlyMemory<byte> Text, IReadOnlyList<int>? Tokens = null);
