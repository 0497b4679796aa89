using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace AiRouter.ServiceDefaults;

/// <summary>
/// Requests that the server reads in one way and another server may read in another: what stands behind them on the connection could
/// be a request to the one and a body to the other. RFC 9112 lets a server take some of them; here nobody needs them.
/// </summary>
public static class RequestFraming
{
    // RFC 9110 §5.6.2.
    private static readonly SearchValues<char> _token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Kestrel's note of a Content-Length that stood beside Transfer-Encoding, which it then leaves out.
    private const string IgnoredLength = "X-Content-Length";

    /// <summary>Whether the request is one of them. The response is then told to end its connection.</summary>
    public static bool IsAmbiguous(HttpContext http)
    {
        if (!HasTwoReadings(http.Request))
        {
            return false;
        }

        // HTTP/2 has frames of its own and no such header.
        if (HttpProtocol.IsHttp11(http.Request.Protocol) || HttpProtocol.IsHttp10(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }

        return true;
    }

    private static bool HasTwoReadings(HttpRequest request)
    {
        var headers = request.Headers;
        var codings = headers.TransferEncoding;
        if (codings.Count > 0 &&
            (codings is not [{ } coding] || !coding.AsSpan().Trim(" \t").Equals("chunked", StringComparison.OrdinalIgnoreCase) ||
                headers.ContentLength is not null || headers.ContainsKey(IgnoredLength) ||
                !(HttpProtocol.IsHttp11(request.Protocol) || HttpProtocol.IsHttp10(request.Protocol))))
        {
            return true;
        }

        foreach (var header in headers)
        {
            // In HTTP/2 the parts of a request line are headers too, but are not shown here.
            if (header.Key.AsSpan().ContainsAnyExcept(_token))
            {
                return true;
            }
        }

        return false;
    }
}
