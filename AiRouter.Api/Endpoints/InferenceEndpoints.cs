using AiRouter.Api.Errors;
using AiRouter.Api.Sockets;
using AiRouter.Api.Sockets.Turns;
using AiRouter.Api.Telemetry;

namespace AiRouter.Api.Endpoints;

/// <summary>Maps the operations of <see cref="OperationTable"/>.</summary>
internal static class InferenceEndpoints
{
    /// <summary>Where Azure's clients put the model.</summary>
    public const string AzureDeployment = "deployment";

    /// <summary>Maps every row that is routed by a model, in OpenAI's form and, where it exists, in Azure's.</summary>
    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<RequestHandler>();
        foreach (var operation in OperationTable.WithModel)
        {
            RequestDelegate handle = http => handler.HandleAsync(http, operation);
            if (operation.Body == BodyKind.Socket)
            {
                endpoints.MapSocket(operation, operation.HasTurns ? WithTurns(endpoints, operation, handler) : handle);
                continue;
            }

            endpoints.MapMethods(operation.Path, [operation.Method], handle);
            if (operation.IsAzure)
            {
                endpoints.MapMethods(
                    $"/openai/deployments/{{{AzureDeployment}}}{operation.Path}", [operation.Method], handle);
            }
        }
    }

    /// <summary>Each turn is a request of its own: handled, logged and kept from harm as those are that come over HTTP.</summary>
    private static RequestDelegate WithTurns(IEndpointRouteBuilder endpoints, Operation operation, RequestHandler handler)
    {
        var turns = endpoints.CreateApplicationBuilder();
        turns.UseMiddleware<AccessLog>();
        turns.UseMiddleware<ErrorBoundary>();
        turns.Run(http => handler.HandleAsync(http, OperationTable.ResponsesTurn));
        var run = turns.Build();
        var sessions = endpoints.ServiceProvider.GetRequiredService<TurnSessionHandler>();
        return http => sessions.HandleAsync(http, operation, run);
    }

    /// <summary>Maps what is known but not served: 501, not 404, so that a client can tell a typo from a gap.</summary>
    public static void MapUnserved(this IEndpointRouteBuilder endpoints)
    {
        foreach (var path in OperationTable.Unserved)
        {
            endpoints.MapMethods(path.Path, [path.Method], (HttpContext http) => ErrorResponse.WriteAsync(http, new ApiError(
                ErrorCause.NotImplemented,
                $"{http.Request.Method} {http.Request.PathBase}{http.Request.Path} is not served: {path.Why}.")));
        }
    }
}
