using System.Text.Json.Nodes;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Core.Json;

namespace AiRouter.Api.Dialects.Kept;

/// <summary>What the router itself answers about something that it keeps.</summary>
internal static class KeptAnswer
{
    /// <summary>Sends it.</summary>
    public static async ValueTask<ApiError?> WriteAsync(Exchange exchange, JsonObject json)
    {
        var bytes = JsonBytes.RelaxedOf(json);
        exchange.Http.Response.ContentType = "application/json";
        exchange.Http.Response.ContentLength = bytes.Length;
        await exchange.Http.Response.Body.WriteAsync(bytes, exchange.Aborted);
        return null;
    }
}
