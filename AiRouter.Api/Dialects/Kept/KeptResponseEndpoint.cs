using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Kept.Background;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>
/// What clients do with a response that the router itself keeps: look at it and its input, cancel it while it is made, and have it
/// forgotten.
/// </summary>
internal sealed class KeptResponseEndpoint(KeptResponses kept, BackgroundStates states)
{
    /// <summary>Answers a request about the response with this id, of which it is known that it is the client's.</summary>
    public async ValueTask<ApiError?> AnswerAsync(Exchange exchange, string id)
    {
        var http = exchange.Http;
        var below = EncodedSlash.Decode(http.GetRouteValue("rest")) ?? "";
        return (http.Request.Method, below) switch
        {
            ("GET", "") when http.Request.Query["stream"] == "true" => new ApiError(
                ErrorCause.UnsupportedParameter,
                "Unsupported parameter: 'stream': a response that is kept is not streamed again.",
                "stream"),
            ("GET", "") => await ShowAsync(exchange, await states.FindAsync(id, exchange.Aborted), static response => response.Response),
            ("GET", "input_items") => await ShowItemsAsync(exchange, id),
            ("DELETE", "") => await DeleteAsync(exchange, id),
            ("POST", "cancel") => await ShowAsync(
                exchange, await states.CancelAsync(id, exchange.Aborted), static response => response.Response),
            _ => new ApiError(
                ErrorCause.ObjectNotFound, $"A response has no '{below}' that could be asked for with {http.Request.Method}."),
        };
    }

    private async ValueTask<ApiError?> DeleteAsync(Exchange exchange, string id)
    {
        if (await kept.ForgetAsync(exchange.Client?.Id, id, exchange.Aborted) is { } error)
        {
            return error;
        }

        states.Abandon(id);
        return await KeptAnswer.WriteAsync(exchange, new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true });
    }

    private async ValueTask<ApiError?> ShowItemsAsync(Exchange exchange, string id) =>
        ItemPage.Read(exchange.Http.Request.Query, out var error) is not { } range
            ? error
            : await ShowAsync(
                exchange,
                await states.FindAsync(id, exchange.Aborted),
                response => ItemPage.Of(response.Input.OfType<JsonObject>(), range));

    private static async ValueTask<ApiError?> ShowAsync(
        Exchange exchange, (KeptResponse? Found, ApiError? Error) answer, Func<KeptResponse, JsonObject> choose) =>
        answer.Found is null ? answer.Error : await KeptAnswer.WriteAsync(exchange, choose(answer.Found));
}
