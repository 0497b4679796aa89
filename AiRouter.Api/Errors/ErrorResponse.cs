using System.Globalization;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry;

namespace AiRouter.Api.Errors;

/// <summary>Writes an <see cref="ApiError"/> as the whole HTTP response.</summary>
internal static class ErrorResponse
{
    /// <summary>Writes status, headers and body; only while the response has not started.</summary>
    public static async Task WriteAsync(HttpContext http, ApiError error)
    {
        AccessEntry.Note(http, error);
        var row = ErrorTable.For(error.Cause);
        var response = http.Response;
        var form = http.Features.Get<ErrorForm>();
        response.StatusCode = form?.StatusOf(error) ?? error.EffectiveStatus;
        response.ContentType = "application/json";
        response.Headers.Remove("x-airouter-usage");
        if (ShouldRetry(error, row) is { } shouldRetry)
        {
            response.Headers["x-should-retry"] = shouldRetry ? "true" : "false";
        }

        if (RetryAfterSeconds(error, row) is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (error.EffectiveStatus == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = form?.ToJson(error, RequestIds.Of(http)) ?? error.ToJson();
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(body, http.RequestAborted);
        }
    }

    /// <summary>SDKs retry every 409 and 5xx: what cannot change by waiting says so.</summary>
    private static bool? ShouldRetry(ApiError error, ErrorRow row) =>
        error.ShouldRetry ?? row.ShouldRetry ?? (error.EffectiveStatus is 409 or 501 or 505 ? false : null);

    /// <summary>Whole seconds, at least 1: sleeping it must be enough.</summary>
    private static int? RetryAfterSeconds(ApiError error, ErrorRow row)
    {
        if (error.RetryAfter is { } wait)
        {
            return Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        }

        // A passed status decides whether a default wait makes sense: SDKs want one on every 429 and 503.
        return error.EffectiveStatus is 429 or 503 ? row.RetryAfter ?? 1 : row.RetryAfter;
    }
}
