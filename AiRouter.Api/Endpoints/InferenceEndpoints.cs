using AiRouter.Api.Errors;
using AiRouter.Api.Realtime;

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
                endpoints.MapSocket(operation, handle);
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
