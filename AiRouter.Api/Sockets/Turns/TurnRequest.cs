using AiRouter.Api.Endpoints;
using Microsoft.AspNetCore.Http.Features;

namespace AiRouter.Api.Sockets.Turns;

/// <summary>A turn as a request: that of the WebSocket over which it came, with a body, an id and an end of its own.</summary>
internal static class TurnRequest
{
    /// <summary>Makes it.</summary>
    /// <param name="socket">The request that opened the WebSocket.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="aborted">The client has gone.</param>
    public static HttpContext Of(HttpContext socket, Turn turn, CancellationToken aborted)
    {
        var from = socket.Request;
        var headers = new HeaderDictionary(from.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        headers.Remove(RequestIds.Header);
        headers.ContentLength = turn.Length;
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature
        {
            Method = from.Method,
            Protocol = from.Protocol,
            Scheme = from.Scheme,
            PathBase = from.PathBase,
            Path = from.Path,
            QueryString = from.QueryString.Value ?? "",
            Headers = headers,
        });
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
        features.Set<IHttpRequestLifetimeFeature>(new HttpRequestLifetimeFeature { RequestAborted = aborted });
        features.Set(socket.Features.Get<IHttpConnectionFeature>());
        features.Set(turn);
        return new DefaultHttpContext(features) { RequestServices = socket.RequestServices };
    }
}
