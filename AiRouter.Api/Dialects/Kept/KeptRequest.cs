using System.Text.Json.Nodes;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>A request of the Responses API as one of its own, and what is to be kept of its answer.</summary>
/// <param name="Request">The request, with everything that it names in its place.</param>
/// <param name="Earlier">How many items of its input were said before it.</param>
/// <param name="Conversation">The router's conversation that it belongs to; null: none.</param>
/// <param name="Lifetime">For how long its response is kept; null: it is not.</param>
internal sealed record KeptRequest(JsonObject Request, int Earlier, string? Conversation, TimeSpan? Lifetime);
