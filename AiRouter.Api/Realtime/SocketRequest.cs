using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Sockets;

namespace AiRouter.Api.Realtime;

/// <summary>Reads what routing needs of a request that opens a WebSocket: all of it stands in the query.</summary>
internal static class SocketRequest
{
    // The second is Azure's name for it.
    private static readonly string[] ModelNames = ["model", "deployment"];

    /// <summary>Whether a parameter names the model.</summary>
    public static bool IsModel(string name) => ModelNames.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets <see cref="Exchange.Facts"/>, or says why not.</summary>
    public static ApiError? Read(Exchange exchange) => SocketOpening.Check(exchange.Http) ?? ReadQuery(exchange);

    private static ApiError? ReadQuery(Exchange exchange)
    {
        var query = exchange.Http.Request.Query;
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
