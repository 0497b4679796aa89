using AiRouter.Api.Admission;
using AiRouter.Api.Backends;
using AiRouter.Api.Telemetry;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Api.Endpoints;

/// <summary>
/// Browsers may call from the configured origins. A preflight needs no key (browsers send none) and allows whatever headers are
/// asked for: SDKs add new <c>x-stainless-*</c> ones with every version.
/// </summary>
internal sealed class CrossOrigin(RequestDelegate next, RouterStates states)
{
    private const string Exposed =
        "x-request-id, x-airouter-model, x-airouter-usage, x-airouter-dropped, x-airouter-backend, x-airouter-attempts, " +
        TraceContext.ResponseHeader + ", Server-Timing, Retry-After, x-should-retry, openai-processing-ms, Content-Disposition, " + RateLimitHeaders.Names;

    /// <summary>Answers preflights, and marks the answers to everything else.</summary>
    public Task InvokeAsync(HttpContext http)
    {
        var request = http.Request;
        if (StringValues.IsNullOrEmpty(request.Headers.Origin) || Allowed(request.Headers.Origin.ToString()) is not { } origin)
        {
            return next(http);
        }

        var headers = http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlExposeHeaders = Exposed;
        if (origin != "*")
        {
            headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        }

        if (!HttpMethods.IsOptions(request.Method) || StringValues.IsNullOrEmpty(request.Headers.AccessControlRequestMethod))
        {
            return next(http);
        }

        headers.AccessControlAllowMethods = "GET, POST, DELETE, OPTIONS";
        headers.AccessControlAllowHeaders = request.Headers.AccessControlRequestHeaders;
        headers.AccessControlMaxAge = "86400";
        headers.Append(HeaderNames.Vary, HeaderNames.AccessControlRequestHeaders);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private string? Allowed(string origin)
    {
        foreach (var allowed in states.CorsOrigins)
        {
            if (allowed == "*" || allowed.Equals(origin, StringComparison.OrdinalIgnoreCase))
            {
                return allowed == "*" ? "*" : origin;
            }
        }

        return null;
    }
}
