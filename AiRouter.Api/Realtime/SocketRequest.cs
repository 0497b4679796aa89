using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using Microsoft.Extensions.Primitives;

namespace AiRouter.Api.Realtime;

/// <summary>Reads what routing needs of a request that opens a WebSocket: all of it stands in the query.</summary>
internal static class SocketRequest
{
    // The second is Azure's name for it.
    private static readonly string[] ModelNames = ["model", "deployment"];

    /// <summary>Whether a parameter names the model.</summary>
    public static bool IsModel(string name) => ModelNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets <see cref="Exchange.Facts"/>, or says why not.</summary>
    public static ApiError? Read(Exchange exchange)
    {
        var http = exchange.Http;
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return new ApiError(
                ErrorCause.InvalidRequest,
                $"{http.Request.PathBase}{http.Request.Path} is a WebSocket: connect to it with 'Upgrade: websocket'.")
            {
                Status = StatusCodes.Status426UpgradeRequired,
            };
        }

        // A browser asks before it posts, but not before it opens a socket: who may not call is refused here.
        if (!StringValues.IsNullOrEmpty(http.Request.Headers.Origin) &&
            StringValues.IsNullOrEmpty(http.Response.Headers.AccessControlAllowOrigin))
        {
            return new ApiError(ErrorCause.OperationNotAllowed, "Pages of this origin may not call this router.");
        }

        var query = http.Request.Query;
        if (query.ContainsKey("call_id"))
        {
            // Calls are not made through the router, so it is somebody else's (R5).
            return new ApiError(ErrorCause.ObjectNotFound, "There is no such call.", "call_id");
        }

        var models = ModelNames.SelectMany(name => query[name]).Where(static m => !string.IsNullOrEmpty(m)).Distinct().ToList();
        if (models.Count > 1)
        {
            return new ApiError(ErrorCause.InvalidRequest, "The query names more than one model.", "model");
        }

        // A session is a stream: what counts as its latency is the time until it begins.
        exchange.Facts = new RequestFacts { Model = models.FirstOrDefault(), Stream = true };
        return null;
    }
}
