using AiRouter.Api.Endpoints;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Sockets;

/// <summary>
/// The subprotocols of a WebSocket: browsers, whose sockets have no headers of their own, put their key and what else would be a header
/// into them.
/// </summary>
internal static class Subprotocols
{
    /// <summary>What the client's key stands behind.</summary>
    public const string KeyPrefix = "openai-insecure-api-key.";

    private static readonly string[] Passed = ["realtime", "openai-beta.realtime-v1"];
    private static readonly string[] PassedWithClientCredential = ["openai-organization.", "openai-project."];

    /// <summary>All that a request offers, in its order.</summary>
    public static IEnumerable<string> Of(HttpRequest request)
    {
        foreach (var header in request.Headers.SecWebSocketProtocol)
        {
            foreach (var protocol in (header ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                yield return protocol;
            }
        }
    }

    /// <summary>The key in a subprotocol; null: it is none that has one.</summary>
    public static string? KeyIn(string protocol) =>
        protocol.StartsWith(KeyPrefix, StringComparison.Ordinal) && protocol.Length > KeyPrefix.Length
            ? protocol[KeyPrefix.Length..]
            : null;

    /// <summary>Those that go on to a backend: a list of names, never a key (R2).</summary>
    public static IReadOnlyList<string> For(Exchange exchange, BackendCredential credential)
    {
        var isClients = credential.Kind == CredentialKind.Forward && exchange.ForwardableCredential is not null;
        return
        [
            .. Of(exchange.Http.Request).Where(p => Passed.Contains(p, StringComparer.Ordinal) ||
                (isClients && PassedWithClientCredential.Any(known => p.StartsWith(known, StringComparison.Ordinal)))).Distinct(),
        ];
    }

    /// <summary>
    /// The one that the client is told to be in use: the backend's choice, else the first that is a protocol at all; null: the client
    /// offers none. Never the one with the key.
    /// </summary>
    public static string? Select(HttpRequest request, string? chosen)
    {
        var offered = Of(request).Where(p => Passed.Contains(p, StringComparer.Ordinal)).ToList();
        return chosen is not null && offered.Contains(chosen) ? chosen : offered.FirstOrDefault();
    }
}
