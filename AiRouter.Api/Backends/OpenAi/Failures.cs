using System.Security.Cryptography;
using AiRouter.Api.Errors;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What an exception of the HTTP client means.</summary>
internal static class Failures
{
    /// <summary>The failure, or null for what is none of the network's (a bug).</summary>
    public static ApiError? Classify(Exception exception, Attempt attempt) => exception switch
    {
        BrokenStreamException => null,
        _ when attempt.Exchange.Aborted.IsCancellationRequested => new ApiError(ErrorCause.ClientGone, "The client has gone."),
        OperationCanceledException when attempt.Deadline.HasExpired => attempt.Response is null
            ? new ApiError(ErrorCause.BackendTimeout, "The backend did not answer in time.")
            : new ApiError(ErrorCause.BackendTimeout, "The backend's answer stopped and did not go on in time."),
        HttpRequestException { InnerException: TimeoutException } or OperationCanceledException { InnerException: TimeoutException } =>
            Unreachable("The backend could not be reached in time.", exception),
        HttpRequestException or IOException when attempt.Response is null =>
            Unreachable("The backend could not be reached.", exception),
        HttpRequestException or IOException => new ApiError(
            ErrorCause.BackendStreamBroken, "The backend's answer ended before it was complete.")
        { Detail = exception.Message },
        InvalidDataException => new ApiError(ErrorCause.BackendProtocol, "The backend's answer could not be decoded.")
        {
            Detail = exception.Message,
        },
        CryptographicException or UnauthorizedAccessException => new ApiError(
            ErrorCause.BackendMisconfigured, "The router's TLS settings for the backend do not work.")
        { Detail = exception.Message },
        _ => null,
    };

    private static ApiError Unreachable(string message, Exception exception) =>
        new(ErrorCause.BackendUnreachable, message) { Detail = exception.ToString() };
}
