using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Metering;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Telemetry;

/// <summary>
/// What is said in one request whose key has <c>logBodies</c>: the request's body from where it was read anyway, the answer's as it
/// goes to the client. Other requests have none, and pay nothing.
/// </summary>
internal sealed class BodyCapture
{
    private readonly int _capacity;
    private readonly BodyExcerpt _answer;

    /// <summary>Listens to the answer from now on.</summary>
    /// <param name="http">The request.</param>
    /// <param name="capacity">The most bytes of each body.</param>
    public BodyCapture(HttpContext http, int capacity)
    {
        _capacity = capacity;
        _answer = new BodyExcerpt(capacity);
        http.Features.Set<IHttpResponseBodyFeature>(
            new CopiedResponseBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), _answer));
    }

    /// <summary>Both bodies at the end of the request. Credentials are still in them: the writer takes them out.</summary>
    public LoggedBodies Take(Exchange exchange, ApiError? error)
    {
        var asked = exchange.Body is JsonBody json ? Excerpt(json.Json.Span) : null;
        var request = asked?.ToString() ?? (exchange.Body is UploadBody upload ? NotKept(upload.ContentType, upload.Bytes.Length) : "");
        return new LoggedBodies(request, Answer(exchange.Http.Response, error), asked?.IsCut is true || _answer.IsCut);
    }

    private static string NotKept(string? contentType, long length) => $"(not kept: {contentType ?? "no content type"}, {length} bytes)";

    // The text of a failed answer may be a backend's, and that may hold prompts and keys of others (R39).
    private string Answer(HttpResponse response, ApiError? error)
    {
        if (error is not null and not { Cause: ErrorCause.ClientGone } || response.StatusCode >= StatusCodes.Status400BadRequest)
        {
            return $"(not kept: the request failed, {error?.Cause.ToString() ?? $"status {response.StatusCode}"})";
        }

        return IsText(response.ContentType) ? _answer.ToString() : NotKept(response.ContentType, _answer.Length);
    }

    private static bool IsText(string? contentType) =>
        contentType is not null &&
        (contentType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) ||
            contentType.Contains("json", StringComparison.OrdinalIgnoreCase));

    private BodyExcerpt Excerpt(ReadOnlySpan<byte> body)
    {
        var excerpt = new BodyExcerpt(_capacity);
        excerpt.Append(body);
        return excerpt;
    }
}
