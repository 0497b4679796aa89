namespace AiRouter.Api.Commands.Import.LiteLlm;

/// <summary>A public name that a deployment answers for.</summary>
/// <param name="Public">The name, or a pattern.</param>
/// <param name="AtBackend">What the backend is asked for; null: the same.</param>
internal sealed record LiteLlmName(string Public, string? AtBackend);
