using System.Net;
using System.Text;

namespace AiRouter.Api.Backends.OpenAi.Connections;

/// <summary>Where a request goes.</summary>
/// <param name="url">The whole URL, escaped.</param>
internal sealed class UpstreamAddress(Uri url)
{
    private byte[]? _line;

    /// <summary>The whole URL.</summary>
    public Uri Url => url;

    /// <summary>The server, as <c>Host</c> names it.</summary>
    public string Authority { get; } =
        (url.HostNameType == UriHostNameType.IPv6 ? $"[{url.IdnHost}]" : url.IdnHost) + (url.IsDefaultPort ? "" : ":" + url.Port);

    /// <summary>The server.</summary>
    public DnsEndPoint EndPoint => new(url.IdnHost, url.Port);

    /// <summary>Behind the method: path, query, version and <c>Host</c>, each with its line end.</summary>
    public ReadOnlySpan<byte> Line => _line ??= Encoding.ASCII.GetBytes($"{url.PathAndQuery} HTTP/1.1\r\nHost: {Authority}\r\n");
}
