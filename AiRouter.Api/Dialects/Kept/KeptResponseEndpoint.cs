using System.Globalization;
using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>What clients do with a response that the router itself keeps: look at it and its input, and have it forgotten.</summary>
internal sealed class KeptResponseEndpoint(KeptResponses kept)
{
    private const int UsualItems = 20;
    private const int MostItems = 100;

    /// <summary>Answers a request about the response with this id, of which it is known that it is the client's.</summary>
    public async ValueTask<ApiError?> AnswerAsync(Exchange exchange, string id)
    {
        var http = exchange.Http;
        var below = EncodedSlash.Decode(http.GetRouteValue("rest")) ?? "";
        return (http.Request.Method, below) switch
        {
            ("GET", "") when http.Request.Query["stream"] == "true" => new ApiError(
                ErrorCause.UnsupportedParameter, "Unsupported parameter: 'stream': a response that is kept is not streamed again.", "stream"),
            ("GET", "") => await ShowAsync(exchange, id, static response => response.Response),
            ("GET", "input_items") => await ShowItemsAsync(exchange, id),
            ("DELETE", "") => await DeleteAsync(exchange, id),
            ("POST", "cancel") => new ApiError(
                ErrorCause.InvalidRequest, "Only a response that was made in the background can be cancelled.", "response_id"),
            _ => new ApiError(ErrorCause.ObjectNotFound, $"A response has no '{below}' that could be asked for with {http.Request.Method}."),
        };
    }

    private async ValueTask<ApiError?> DeleteAsync(Exchange exchange, string id) =>
        await kept.ForgetAsync(id, exchange.Aborted)
        ?? await WriteAsync(exchange, new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true });

    private async ValueTask<ApiError?> ShowItemsAsync(Exchange exchange, string id)
    {
        var query = exchange.Http.Request.Query;
        var limit = UsualItems;
        if (query.TryGetValue("limit", out var asked) &&
            (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > MostItems))
        {
            return new ApiError(ErrorCause.InvalidRequest, $"Invalid 'limit': expected an integer from 1 to {MostItems}.", "limit");
        }

        return await ShowAsync(exchange, id, response => Page(response.Input, limit, query["order"] == "asc", query["after"]));
    }

    private static JsonObject Page(JsonArray input, int limit, bool isAscending, string? after)
    {
        var items = input.OfType<JsonObject>().Select(static item => (JsonObject)item.DeepClone()).ToList();
        if (!isAscending)
        {
            items.Reverse();
        }

        var rest = after is null ? items : [.. items.SkipWhile(i => (string?)i["id"] != after).Skip(1)];
        var shown = rest.Take(limit).ToList();
        return new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. shown]),
            ["first_id"] = shown.FirstOrDefault()?["id"]?.DeepClone(),
            ["last_id"] = shown.LastOrDefault()?["id"]?.DeepClone(),
            ["has_more"] = rest.Count > shown.Count,
        };
    }

    private async ValueTask<ApiError?> ShowAsync(Exchange exchange, string id, Func<KeptResponse, JsonObject> choose)
    {
        var (found, error) = await kept.FindAsync(id, exchange.Aborted);
        return found is null ? error : await WriteAsync(exchange, choose(found));
    }

    private static async ValueTask<ApiError?> WriteAsync(Exchange exchange, JsonObject json)
    {
        var bytes = JsonBytes.RelaxedOf(json);
        exchange.Http.Response.ContentType = "application/json";
        exchange.Http.Response.ContentLength = bytes.Length;
        await exchange.Http.Response.Body.WriteAsync(bytes, exchange.Aborted);
        return null;
    }
}
