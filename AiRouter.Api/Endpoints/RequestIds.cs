using System.Buffers.Text;
using System.Security.Cryptography;

namespace AiRouter.Api.Endpoints;

/// <summary>The id that a request is known by at the client, here and at the backend.</summary>
internal static class RequestIds
{
    /// <summary>The header that carries it both ways.</summary>
    public const string Header = "x-request-id";

    private const int MaxLength = 128;
    private const int Bytes = 16;

    // Random bytes are cheap by the kilobyte: one call to the system for 64 ids.
    [ThreadStatic]
    private static byte[]? t_random;

    [ThreadStatic]
    private static int t_used;

    /// <summary>The client's, when it is printable ASCII of at most 128 characters; else a new one. Set on the response.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Features.Get<Known>() is { } known)
        {
            return known.Id;
        }

        var id = http.Request.Headers[Header] is [{ Length: > 0 and <= MaxLength } given] && IsPrintable(given)
            ? given
            : "req_" + New();
        http.Features.Set(new Known(id));
        http.Response.Headers[Header] = id;
        return id;
    }

    /// <summary>128 random bits, URL-safe.</summary>
    public static string New()
    {
        var random = t_random ??= new byte[64 * Bytes];
        if (t_used == 0)
        {
            RandomNumberGenerator.Fill(random);
        }

        var id = Base64Url.EncodeToString(random.AsSpan(t_used, Bytes));
        t_used = (t_used + Bytes) % random.Length;
        return id;
    }

    private static bool IsPrintable(string id) => id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;

    /// <summary>The id of a request: a feature of it.</summary>
    private sealed record Known(string Id);
}
