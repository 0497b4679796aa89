using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Dialects.Kept.Conversations;

/// <summary>What clients send about a conversation.</summary>
/// <param name="Metadata">What they note of it; null: nothing is said.</param>
/// <param name="Items">Items to be added, as sent; null: none are named.</param>
internal sealed record ConversationRequest(JsonObject? Metadata, JsonArray? Items)
{
    private const long MiB = 1024 * 1024;
    private const int MostItems = 20;
    private const int MostPairs = 16;
    private const int LongestName = 64;
    private const int LongestText = 512;

    /// <summary>Reads the body of a request.</summary>
    public static async ValueTask<(ConversationRequest? Request, ApiError? Error)> ReadAsync(Exchange exchange, BodyBudget budget)
    {
        if (exchange.Body is not UploadBody { Bytes.Length: > 0 and var length } body)
        {
            return (new ConversationRequest(null, null), null);
        }

        if (body.Boundary is not null)
        {
            return (null, new ApiError(ErrorCause.UnsupportedMediaType, "Send the request body as JSON."));
        }

        if (length > ConversationStore.MostBytes)
        {
            return (null, new ApiError(
                ErrorCause.BodyTooLarge, $"A conversation has at most {ConversationStore.MostBytes / MiB} MiB."));
        }

        if (!budget.TryTake(length, exchange.State.Server.MaxBufferedMiB * MiB))
        {
            return (null, PooledBytes.OutOfBuffers());
        }

        try
        {
            var json = new byte[length];
            await body.Bytes.ReadAtAsync(0, json, exchange.Aborted);
            return DialectRequest.Read(json, out var error) is { } request ? Read(request) : (null, error ?? NoObject());
        }
        finally
        {
            budget.Return(length);
        }
    }

    /// <summary>The items with their ids; or what is wrong with one, before it would be in the way of every later request.</summary>
    /// <param name="items">As sent, without items that are only named.</param>
    /// <param name="newId">A new random part of an id.</param>
    /// <param name="error">What is wrong; null: nothing.</param>
    public static IReadOnlyList<JsonObject>? Check(JsonArray items, Func<string> newId, out ApiError? error)
    {
        // Behind them stands what any conversation has: items alone need not be a question.
        var question = new JsonObject { ["role"] = "user", ["content"] = "?" };
        var trial = new JsonObject { ["input"] = new JsonArray([.. items.Select(static i => i?.DeepClone()), question]) };
        if (DialectRequest.ToChat(OperationTable.Responses.ClientDialect!, trial, out error) is null)
        {
            error = error! with
            {
                Message = error!.Message.Replace("input[", "items[", StringComparison.Ordinal),
                Param = error!.Param?.Replace("input[", "items[", StringComparison.Ordinal),
            };
            return null;
        }

        var request = new JsonObject { ["input"] = items.DeepClone() };
        return [.. ConversationItems.Of(request, [], newId).Input.OfType<JsonObject>().DistinctBy(static i => (string?)i["id"])];
    }

    private static (ConversationRequest? Request, ApiError? Error) Read(JsonObject request)
    {
        var metadata = request["metadata"];
        var items = request["items"];
        var error =
            metadata is not (null or JsonObject) ? Invalid("metadata", "expected an object")
            : metadata is JsonObject pairs && ProblemOf(pairs) is { } problem ? Invalid("metadata", problem)
            : items is not (null or JsonArray) ? Invalid("items", "expected an array")
            : items is JsonArray { Count: > MostItems } ? Invalid("items", $"at most {MostItems} items can be added at a time")
            : null;
        return error is null ? (new ConversationRequest((JsonObject?)metadata, (JsonArray?)items), null) : (null, error);
    }

    private static string? ProblemOf(JsonObject pairs) =>
        pairs.Count > MostPairs ? $"it has at most {MostPairs} pairs"
        : pairs.Any(static p => p.Key.Length > LongestName) ? $"its names have at most {LongestName} characters"
        : pairs.Any(static p => p.Value?.GetValueKind() != JsonValueKind.String) ? "its values are strings"
        : pairs.Any(static p => ((string)p.Value!).Length > LongestText) ? $"its values have at most {LongestText} characters"
        : null;

    private static ApiError Invalid(string name, string why) => new(ErrorCause.InvalidRequest, $"Invalid '{name}': {why}.", name);

    private static ApiError NoObject() => new(ErrorCause.InvalidRequest, "The request body must be a JSON object.");
}
