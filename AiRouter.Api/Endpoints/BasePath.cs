using AiRouter.Api.Backends;

namespace AiRouter.Api.Endpoints;

/// <summary>
/// Takes off what clients' base URLs end with, so that every endpoint is mapped once: <c>server.basePath</c> of the current
/// configuration, <c>/v1</c>, Azure's <c>/openai/v1</c>; some clients send none of them.
/// </summary>
internal sealed class BasePath(RequestDelegate next, RouterStates states)
{
    private static readonly PathString[] WellKnown = ["/v1", "/openai/v1"];

    /// <summary>Moves the base path from <c>Path</c> to <c>PathBase</c>.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        if (states.BasePath is { HasValue: true } configured && TryTake(http.Request, configured))
        {
            return next(http);
        }

        foreach (var prefix in WellKnown)
        {
            if (TryTake(http.Request, prefix))
            {
                break;
            }
        }

        return next(http);
    }

    private static bool TryTake(HttpRequest request, PathString prefix)
    {
        if (!request.Path.StartsWithSegments(prefix, StringComparison.Ordinal, out var rest) || !rest.HasValue)
        {
            return false;
        }

        request.PathBase = request.PathBase.Add(prefix);
        request.Path = rest;
        return true;
    }
}
