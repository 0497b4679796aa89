using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Sockets;

/// <summary>Maps operations that open a WebSocket.</summary>
internal static class SocketEndpoints
{
    // As Azure's clients ask for it, whose base URL has no version in it.
    private const string AzurePrefix = "/openai";

    /// <summary>Maps one. Only these requests pay for the middleware that can upgrade them.</summary>
    public static void MapSocket(this IEndpointRouteBuilder endpoints, Operation operation, RequestDelegate handle)
    {
        var branch = endpoints.CreateApplicationBuilder();
        branch.UseWebSockets();
        branch.Run(handle);
        var upgrade = branch.Build();
        foreach (var path in (string[])[operation.Path, AzurePrefix + operation.Path])
        {
            // Over HTTP/2 a WebSocket begins with CONNECT (RFC 8441).
            endpoints.MapMethods(path, [operation.Method, HttpMethods.Connect], upgrade);
        }
    }
}
