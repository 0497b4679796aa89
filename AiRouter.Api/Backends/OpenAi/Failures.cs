using System.Security.Cryptography;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>What an exception of the HTTP client means.</summary>
internal static class Failures
{
    /// <summary>The failure, or null for what is none of the network's (a bug).</summary>
    public static ApiError? Classify(Exception exception, Attempt attempt) => exception switch
    {
        BrokenStreamException => null,
        OutOfBuffersException => PooledBytes.OutOfBuffers(),
        _ when attempt.Exchange.BrokenOff is { } broken => broken,
        OperationCanceledException when attempt.Deadline is { HasExpired: true, WaitsForClient: true } =>
            new ApiError(ErrorCause.ClientGone, "The client did not take its answer in time."),
        OperationCanceledException when attempt.Deadline.HasExpired => attempt.Response is null
            ? new ApiError(ErrorCause.BackendTimeout, "The backend did not answer in time.") { Stage = AttemptStage.Sent }
            : new ApiError(ErrorCause.BackendTimeout, "The backend's answer stopped and did not go on in time.")
            {
                Stage = AttemptStage.Answered,
            },
        HttpRequestException { InnerException: TimeoutException } or OperationCanceledException { InnerException: TimeoutException } =>
            Unreachable("The backend could not be reached in time.", AttemptStage.Connecting, exception),
        HttpRequestException { HttpRequestError: var error } when attempt.Response is null && IsConnecting(error) =>
            Unreachable("The backend could not be reached.", AttemptStage.Connecting, exception),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded }
            when attempt.Response is null => new ApiError(ErrorCause.BackendProtocol, "The backend's answer is not HTTP.")
            {
                Stage = AttemptStage.Answered,
                Detail = exception.ToString(),
            },
        _ when attempt.Response is null && IsOfTlsFiles(exception) => new ApiError(
            ErrorCause.BackendMisconfigured, "The router's TLS settings for the backend do not work.")
        {
            Stage = AttemptStage.Connecting,
            Detail = exception.Message,
        },
        HttpRequestException or IOException when attempt.Response is null =>
            Unreachable("The backend closed the connection before it answered.", AttemptStage.Sent, exception),
        HttpRequestException or IOException => new ApiError(
            ErrorCause.BackendStreamBroken, "The backend's answer ended before it was complete.")
        {
            Stage = AttemptStage.Answered,
            Detail = exception.Message,
        },
        InvalidDataException => new ApiError(ErrorCause.BackendProtocol, "The backend's answer could not be decoded.")
        {
            Stage = AttemptStage.Answered,
            Detail = exception.Message,
        },
        _ => null,
    };

    /// <summary>Whether certificates and keys could not be read, before anything was sent.</summary>
    public static bool IsOfTlsFiles(Exception exception) => exception is
        CryptographicException or UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException;

    /// <summary>What can go wrong before a connection stands, and nowhere else.</summary>
    private static bool IsConnecting(HttpRequestError error) => error is
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or
        HttpRequestError.ProxyTunnelError or HttpRequestError.VersionNegotiationError;

    private static ApiError Unreachable(string message, AttemptStage stage, Exception exception) =>
        new(ErrorCause.BackendUnreachable, message) { Stage = stage, Detail = exception.ToString() };
}
