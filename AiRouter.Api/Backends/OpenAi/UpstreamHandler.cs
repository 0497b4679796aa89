using System.Net;
using System.Text;
using AiRouter.Core.Configuration;
using Microsoft.Extensions.ServiceDiscovery.Http;

namespace AiRouter.Api.Backends.OpenAi;

/// <summary>The HTTP connections of one backend: a plain pipe that follows, stores and decodes nothing by itself.</summary>
internal static class UpstreamHandler
{
    /// <summary>Makes the handler; reads the TLS files, and throws what reading them throws.</summary>
    public static HttpMessageHandler Create(BackendConfig config, IServiceDiscoveryHttpMessageHandlerFactory? discovery)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,

            // The attempt's span is the one of this call, and RequestHeaders sends its context: none is made here beside it.
            ActivityHeadersPropagator = null,

            // As the server reads them: what a client's header holds beyond ASCII arrives as it was, not as an exception.
            RequestHeaderEncodingSelector = static (_, _) => Encoding.UTF8,
            ConnectTimeout = TimeSpan.FromSeconds(config.Timeouts.Connect),
            MaxConnectionsPerServer = config.MaxConnectionsPerReplica,

            // A backend's name may move to other addresses: connections are renewed so that it is looked up again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(50),

            // What stands behind [DONE] is a few bytes; an answer that nobody waits for any more is not worth reading.
            MaxResponseDrainSize = 16 * 1024,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
            MaxResponseHeadersLength = 64,
        };
        TlsFiles.Apply(config.Tls, handler.SslOptions);
        return discovery is not null && MayBeService(config.Url.Host) ? discovery.CreateHandler(handler) : handler;
    }

    /// <summary>A host with a dot, or an address, is looked up in the DNS only.</summary>
    public static bool MayBeService(string host) => !host.Contains('.') && !IPAddress.TryParse(host, out _) && host != "localhost";
}
