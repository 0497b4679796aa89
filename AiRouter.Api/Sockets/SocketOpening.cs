using AiRouter.Api.Errors;
using Microsoft.Extensions.Primitives;

namespace AiRouter.Api.Sockets;

/// <summary>Whether a request may open a WebSocket at all.</summary>
internal static class SocketOpening
{
    /// <summary>Why it may not, or null.</summary>
    public static ApiError? Check(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Upgrade = "websocket";
            return new ApiError(
                ErrorCause.InvalidRequest,
                $"{http.Request.PathBase}{http.Request.Path} is a WebSocket: connect to it with 'Upgrade: websocket'.")
            {
                Status = StatusCodes.Status426UpgradeRequired,
            };
        }

        // A browser asks before it posts, but not before it opens a socket: who may not call is refused here.
        if (!StringValues.IsNullOrEmpty(http.Request.Headers.Origin) &&
            StringValues.IsNullOrEmpty(http.Response.Headers.AccessControlAllowOrigin) &&
            !IsOwn(http.Request))
        {
            return new ApiError(ErrorCause.OperationNotAllowed, "Pages of this origin may not call this router.");
        }

        return null;
    }

    /// <summary>A page of the router's own host; some clients that are no browsers say that of themselves. A proxy may have ended TLS.</summary>
    private static bool IsOwn(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin) &&
        string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
