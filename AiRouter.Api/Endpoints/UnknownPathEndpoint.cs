using AiRouter.Api.Errors;

namespace AiRouter.Api.Endpoints;

/// <summary>Answers what no other endpoint takes: 405 where the path exists with another method, else 404.</summary>
internal static class UnknownPathEndpoint
{
    /// <summary>Maps it behind everything else.</summary>
    public static void MapUnknownPaths(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapFallback("{**path}", (HttpContext http) =>
        {
            var sources = http.RequestServices.GetRequiredService<EndpointDataSource>();
            var methods = AllowedMethods.Of(sources, http.Request.Path);
            if (methods.Count == 0)
            {
                return ErrorResponse.WriteAsync(http, new ApiError(
                    ErrorCause.UnknownUrl,
                    $"Unknown request URL: {http.Request.Method} {http.Request.PathBase}{http.Request.Path}. Please check the URL for typos."));
            }

            http.Response.Headers.Allow = string.Join(", ", methods);
            return ErrorResponse.WriteAsync(http, new ApiError(
                ErrorCause.MethodNotAllowed,
                $"Not allowed to {http.Request.Method} on {http.Request.PathBase}{http.Request.Path}. Allowed: {string.Join(", ", methods)}."));
        });
    }
}
