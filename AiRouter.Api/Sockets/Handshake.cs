using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Api.Sockets;

/// <summary>
/// The opening of a WebSocket to a backend (RFC 6455, 4.1). It is done here and not by <c>ClientWebSocket</c> because that keeps nothing
/// of an answer that is a refusal but its status, and clients are told more than that.
/// </summary>
internal sealed class Handshake
{
    private const string Version = "13";
    private const string Guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    /// <summary>Adds what makes a request ask for a WebSocket.</summary>
    public void AddTo(UpstreamRequest request, IReadOnlyList<string> protocols)
    {
        request.Add("Connection", "Upgrade");
        request.Add("Upgrade", "websocket");
        request.Add("Sec-WebSocket-Version", Version);
        request.Add("Sec-WebSocket-Key", _key);
        request.Add("Sec-WebSocket-Protocol", string.Join(", ", protocols));
    }

    /// <summary>Whether a 101 is the answer to this request, and speaks plain frames.</summary>
    public bool IsAnsweredBy(HttpResponseMessage response) =>
        string.Equals(ValueOf(response, "Upgrade"), "websocket", StringComparison.OrdinalIgnoreCase) &&
        ValueOf(response, "Sec-WebSocket-Accept") == Accept() &&
        string.IsNullOrEmpty(ValueOf(response, "Sec-WebSocket-Extensions"));

    /// <summary>The subprotocol that the backend has chosen; null: none.</summary>
    public static string? ProtocolOf(HttpResponseMessage response) => ValueOf(response, "Sec-WebSocket-Protocol");

    private static string? ValueOf(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString().Trim() : null;

    [SuppressMessage("Security", "CA5350", Justification = "RFC 6455 says so; it protects nothing.")]
    private string Accept() => Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_key + Guid)));
}
