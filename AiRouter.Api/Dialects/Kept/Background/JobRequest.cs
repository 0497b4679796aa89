using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>The request that a job makes: the client's own, with its credential, but without a connection.</summary>
internal static class JobRequest
{
    /// <summary>Makes it.</summary>
    /// <param name="exchange">The client's request.</param>
    /// <param name="json">Its body.</param>
    /// <param name="services">Those of the process: the client's request ends first.</param>
    public static DefaultHttpContext Of(Exchange exchange, byte[] json, IServiceProvider services)
    {
        var from = exchange.Http.Request;
        var http = new DefaultHttpContext { RequestServices = services };
        http.Connection.RemoteIpAddress = exchange.Http.Connection.RemoteIpAddress;
        http.Connection.RemotePort = exchange.Http.Connection.RemotePort;
        var request = http.Request;
        (request.Method, request.Scheme, request.Host, request.Protocol) = (from.Method, from.Scheme, from.Host, from.Protocol);
        (request.PathBase, request.Path, request.QueryString) = (from.PathBase, from.Path, from.QueryString);
        foreach (var header in from.Headers)
        {
            request.Headers[header.Key] = header.Value;
        }

        // One request to the client, though it is handled in two pieces.
        request.Headers[RequestIds.Header] = exchange.RequestId;
        request.Headers.Remove("Transfer-Encoding");
        request.Headers.Remove("Connection");
        request.ContentLength = json.Length;
        request.Body = new MemoryStream(json, writable: false);
        return http;
    }
}
