using AiRouter.Api.Sockets;
using Microsoft.Extensions.Primitives;

namespace AiRouter.Api.Authentication;

/// <summary>
/// Where clients put their key: <c>Authorization: Bearer</c> (OpenAI), <c>api-key</c> (Azure), <c>x-api-key</c>, and the subprotocol of a
/// WebSocket.
/// </summary>
internal static class ClientCredentials
{
    private const string Bearer = "Bearer ";

    /// <summary>
    /// All that a request carries, <c>Authorization</c> first; some clients send two. Blank ones (a client without a key that
    /// sends <c>Bearer </c> all the same) do not count.
    /// </summary>
    public static IEnumerable<string> Of(HttpRequest request)
    {
        foreach (var value in request.Headers.Authorization)
        {
            if (value is not null && value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) &&
                value.AsSpan(Bearer.Length).Trim() is { IsEmpty: false } token)
            {
                yield return token.ToString();
            }
        }

        foreach (var value in Concat(request.Headers["x-api-key"], request.Headers["api-key"]))
        {
            if (value.AsSpan().Trim() is { IsEmpty: false } token)
            {
                yield return token.ToString();
            }
        }

        // What a browser, whose WebSockets have no headers of their own, puts it into. Nearly no request has any.
        if (request.Headers.SecWebSocketProtocol.Count == 0)
        {
            yield break;
        }

        foreach (var protocol in Subprotocols.Of(request))
        {
            if (Subprotocols.KeyIn(protocol) is { } token)
            {
                yield return token;
            }
        }
    }

    /// <summary>Enough to recognise one's own key, too little to be one.</summary>
    public static string Mask(string credential) =>
        credential.Length < 16 ? "****" : $"{credential[..4]}****{credential[^4..]}";

    private static StringValues Concat(StringValues first, StringValues second) => StringValues.Concat(first, second);
}
