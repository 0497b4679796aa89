using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What a backend's error means to the client: passed, hidden (R24) or reworded.</summary>
internal static class UpstreamErrors
{
    private const int MaxBody = 64 * 1024;

    /// <summary>From a response that is not a success.</summary>
    public static async ValueTask<ApiError> ReadAsync(Attempt attempt)
    {
        var response = attempt.Response!;
        var bytes = await ReadBodyAsync(attempt);
        var error = From(attempt, response.Status, bytes.Span);
        return error with
        {
            RetryAfter = error.Cause == ErrorCause.BackendMisconfigured ? null : RetryAfter(response, attempt.Deadline.TimeProvider),
            ShouldRetry = error.ShouldRetry ?? ShouldRetry(response),
        };
    }

    /// <summary>From an error in the place of an answer: a first event, or a body with status 200.</summary>
    public static ApiError FromAnswer(Attempt attempt, ReadOnlySpan<byte> data) =>
        From(attempt, StatusIn(UpstreamErrorBody.Read(data)), data);

    /// <summary>From an event that ends a turn over a WebSocket.</summary>
    /// <param name="attempt">The turn's.</param>
    /// <param name="status">The event's own; null: it has none.</param>
    /// <param name="data">The event.</param>
    public static ApiError FromEvent(Attempt attempt, int? status, ReadOnlySpan<byte> data) =>
        From(attempt, status ?? StatusIn(UpstreamErrorBody.Read(data)), data);

    private static ApiError From(Attempt attempt, int status, ReadOnlySpan<byte> data)
    {
        var body = UpstreamErrorBody.Read(data);
        var detail = Encoding.UTF8.GetString(data[..Math.Min(data.Length, 4096)]);
        if (!attempt.ForwardedCredential && Hidden(attempt, status, body) is { } hidden)
        {
            return hidden with { Detail = $"{status}: {detail}" };
        }

        return status switch
        {
            >= 300 and < 400 => new ApiError(
                ErrorCause.BackendMisconfigured, "The backend redirects to somewhere else.")
            { Detail = detail },
            429 => Passed(attempt, ErrorCause.BackendOverloaded, status, body) with
            {
                Type = body.Type ?? "rate_limit_error",
                Code = body.Code ?? "rate_limit_exceeded",
                ShouldRetry = IsQuota(body) ? false : null,
                Detail = detail,
            },
            >= 400 and < 500 => Passed(attempt, ErrorCause.BackendRejected, status, body) with { Detail = detail },
            503 or 529 => Passed(attempt, ErrorCause.BackendOverloaded, status, body) with { Detail = detail },
            504 => Passed(attempt, ErrorCause.BackendTimeout, status, body) with { Detail = detail },
            _ => Passed(attempt, ErrorCause.BackendError, status is >= 500 and < 600 ? status : 502, body) with { Detail = detail },
        };
    }

    /// <summary>R24: what a backend says about our own credential, or our name for its model, is the operator's problem.</summary>
    private static ApiError? Hidden(Attempt attempt, int status, UpstreamErrorBody body) => status switch
    {
        402 or 429 when status == 402 || IsQuota(body) =>
            new ApiError(ErrorCause.BackendQuota, "The router's quota at the backend is used up."),
        401 or 403 => new ApiError(ErrorCause.BackendMisconfigured, "The backend does not accept the router's credential."),
        404 when attempt.HasModel && IsAboutModel(attempt, body) =>
            new ApiError(ErrorCause.BackendMisconfigured, "The backend does not serve the model that the router asks it for."),
        _ => null,
    };

    private static bool IsQuota(UpstreamErrorBody body) => body.Code == "insufficient_quota" || body.Type == "insufficient_quota";

    /// <summary>A 404 that names nothing of the request's is about the path or the model, and both are configured here.</summary>
    private static bool IsAboutModel(Attempt attempt, UpstreamErrorBody body) =>
        body.Code is "model_not_found" or "404" or null || body.Param == "model" ||
        (attempt.HiddenModel is { } name && body.Message?.Contains(name, StringComparison.Ordinal) == true);

    private static ApiError Passed(Attempt attempt, ErrorCause cause, int status, UpstreamErrorBody body) =>
        new(cause, UpstreamText.Clean(attempt, body.Message) ?? $"The backend answered with status {status}.",
            body.Param is { Length: > 0 } param ? UpstreamText.Clean(attempt, param) : null)
        {
            Status = status,
            Type = UpstreamText.Clean(attempt, body.Type) ?? (status >= 500 ? "server_error" : "invalid_request_error"),
            Code = UpstreamText.Clean(attempt, body.Code),
        };

    private static int StatusIn(UpstreamErrorBody body)
    {
        if (int.TryParse(body.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 400 and < 600)
        {
            return code;
        }

        return body.Type switch
        {
            "invalid_request_error" or "BadRequestError" => 400,
            "rate_limit_error" or "requests" or "tokens" or "insufficient_quota" => 429,
            "authentication_error" => 401,
            "billing_error" => 402,
            "permission_error" => 403,
            "not_found_error" => 404,
            "request_too_large" => 413,
            "overloaded_error" => 503,
            "timeout_error" => 504,
            _ => 502,
        };
    }

    private static async ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(Attempt attempt)
    {
        var buffer = new byte[MaxBody];
        var length = 0;
        try
        {
            await using var body = attempt.OpenBody();
            while (length < buffer.Length && await body.ReadAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException
            or OperationCanceledException)
        {
            // The status stands, whether or not its text arrived whole.
        }

        return buffer.AsMemory(0, length);
    }

    private static TimeSpan? RetryAfter(UpstreamResponse response, TimeProvider timeProvider)
    {
        if (double.TryParse(
                response.Header(ResponseHeader.RetryAfterMilliseconds), NumberStyles.Float, CultureInfo.InvariantCulture,
                out var milliseconds) &&
            milliseconds is >= 0 and < 86_400_000)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        if (!RetryConditionHeaderValue.TryParse(response.Header(ResponseHeader.RetryAfter), out var wait))
        {
            return null;
        }

        return wait.Delta ?? wait.Date - (DateOf(response) ?? timeProvider.GetUtcNow());
    }

    private static DateTimeOffset? DateOf(UpstreamResponse response) =>
        HeaderUtilities.TryParseDate(response.Header(ResponseHeader.Date), out var date) ? date : null;

    private static bool? ShouldRetry(UpstreamResponse response) =>
        response.Header(ResponseHeader.ShouldRetry) switch { "true" => true, "false" => false, _ => null };
}
