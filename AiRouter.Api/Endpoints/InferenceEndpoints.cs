namespace AiRouter.Api.Endpoints;

/// <summary>Maps the operations that are routed by a model.</summary>
internal static class InferenceEndpoints
{
    /// <summary>Maps every row of <see cref="OperationTable.WithModel"/>.</summary>
    public static void MapInference(this IEndpointRouteBuilder endpoints)
    {
        var handler = endpoints.ServiceProvider.GetRequiredService<RequestHandler>();
        foreach (var operation in OperationTable.WithModel)
        {
            endpoints.MapMethods(operation.Path, [operation.Method], http => handler.HandleAsync(http, operation));
        }
    }
}
