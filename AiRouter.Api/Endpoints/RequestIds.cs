using System.Buffers.Text;
using System.Security.Cryptography;

namespace AiRouter.Api.Endpoints;

/// <summary>The id that a request is known by at the client, here and at the backend.</summary>
internal static class RequestIds
{
    /// <summary>The header that carries it both ways.</summary>
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    /// <summary>The client's, when it is printable ASCII of at most 128 characters; else a new one. Set on the response.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Items.TryGetValue(Header, out var known))
        {
            return (string)known!;
        }

        var id = http.Request.Headers[Header] is [{ Length: > 0 and <= MaxLength } given] && IsPrintable(given)
            ? given
            : "req_" + New();
        http.Items[Header] = id;
        http.Response.Headers[Header] = id;
        return id;
    }

    /// <summary>128 random bits, URL-safe.</summary>
    public static string New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return Base64Url.EncodeToString(random);
    }

    private static bool IsPrintable(string id) => id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
}
