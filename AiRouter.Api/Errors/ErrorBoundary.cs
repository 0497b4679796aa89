using AiRouter.Api.Endpoints;
using AiRouter.Api.Telemetry;
using AiRouter.ServiceDefaults;
using Microsoft.Net.Http.Headers;

namespace AiRouter.Api.Errors;

/// <summary>
/// The outermost step: a bug becomes an OpenAI error with no word of its own, or, when the response has begun, the end of the
/// connection. Also gives every response its request id.
/// </summary>
internal sealed partial class ErrorBoundary(RequestDelegate next, ILogger<ErrorBoundary> logger)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var requestId = RequestIds.Of(http);
        try
        {
            if (RequestFraming.IsAmbiguous(http))
            {
                await ErrorResponse.WriteAsync(http, new ApiError(
                    ErrorCause.InvalidRequest, "The request could be read in two ways: send one length or chunks, and headers with plain names."));
                return;
            }

            await next(http);
        }
        catch (BrokenStreamException)
        {
            throw;
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested)
        {
            LogClientGone(exception, requestId);
        }
        catch (BadHttpRequestException exception)
        {
            LogBadRequest(exception, requestId);
            await WriteAsync(http, new ApiError(ErrorCause.InvalidRequest, "The request could not be read.")
            {
                Status = exception.StatusCode,
            });
        }
        catch (Exception exception)
        {
            LogBug(exception, requestId);
            await WriteAsync(http, new ApiError(
                ErrorCause.Internal, $"The router failed to handle the request. Its log has more under '{requestId}'."));
        }
    }

    private static async Task WriteAsync(HttpContext http, ApiError error)
    {
        AccessEntry.Note(http, error);
        if (http.Response.HasStarted)
        {
            throw new BrokenStreamException();
        }

        // What describes the answer goes; what lets a browser read it (and its request id) stays.
        var headers = http.Response.Headers;
        var kept = headers.Where(h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase) ||
            h.Key.Equals(HeaderNames.Vary, StringComparison.OrdinalIgnoreCase)).ToList();
        http.Response.Clear();
        kept.ForEach(headers.Add);
        headers[RequestIds.Header] = RequestIds.Of(http);
        await ErrorResponse.WriteAsync(http, error);
    }

    [LoggerMessage(2021, LogLevel.Debug, "The client of request {RequestId} has gone")]
    private partial void LogClientGone(Exception exception, string requestId);

    [LoggerMessage(2022, LogLevel.Debug, "Request {RequestId} could not be read")]
    private partial void LogBadRequest(Exception exception, string requestId);

    [LoggerMessage(2023, LogLevel.Error, "Request {RequestId} hit a bug")]
    private partial void LogBug(Exception exception, string requestId);
}
