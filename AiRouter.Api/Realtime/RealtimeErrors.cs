using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Realtime;

/// <summary>What clients are told that something went wrong with a session: as an error before it begins, as an event within.</summary>
internal static class RealtimeErrors
{
    /// <summary>A limit of tokens or money, and nobody knows what a session will come to (R32).</summary>
    public static ApiError Unbounded(Exchange exchange) => new(
        ErrorCause.UnsupportedOperation,
        $"A realtime session with the model '{exchange.PublicName}' cannot be opened under a limit of tokens or a budget: " +
        "nobody knows in advance what it will come to. Use a key without them.", "model");

    /// <summary>An event of the realtime API.</summary>
    /// <param name="type">The kind of error.</param>
    /// <param name="code">Its code.</param>
    /// <param name="message">For people.</param>
    /// <param name="param">What is to blame.</param>
    /// <param name="causedBy">The id of the client's event that is answered.</param>
    public static byte[] Event(string type, string code, string message, string? param = null, string? causedBy = null) =>
        JsonBytes.RelaxedOf(new JsonObject
        {
            ["type"] = "error",
            ["event_id"] = $"event_{Guid.NewGuid():N}",
            ["error"] = new JsonObject
            {
                ["type"] = type,
                ["code"] = code,
                ["message"] = message,
                ["param"] = param,
                ["event_id"] = causedBy,
            },
        });
}
