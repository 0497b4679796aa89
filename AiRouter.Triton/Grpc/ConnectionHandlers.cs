using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace AiRouter.Triton.Grpc;

/// <summary>Makes the HTTP handler of one connection.</summary>
internal static class ConnectionHandlers
{
    /// <summary>
    /// gRPC's C core, which Triton is built on, closes a connection that is pinged without data more often than every
    /// 300 s (<c>triton.md</c> §2, transport).
    /// </summary>
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(330);

    /// <summary>Makes a handler; <paramref name="connected"/> is called for each connection that stands.</summary>
    public static SocketsHttpHandler Create(TritonClientOptions options, Action connected)
    {
        var connect = options.Connect ?? ConnectTcpAsync;
        return new SocketsHttpHandler
        {
            ConnectTimeout = options.ConnectTimeout,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var stream = await connect(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                connected();
                return stream;
            },
            EnableMultipleHttp2Connections = false,

            // Who calls has a span of its own, whose context goes along as metadata.
            ActivityHeadersPropagator = null,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(20),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            UseCookies = false,
            UseProxy = false,
            AllowAutoRedirect = false,
            SslOptions = SslOptions(options),
        };
    }

    private static SslClientAuthenticationOptions SslOptions(TritonClientOptions options)
    {
        var ssl = new SslClientAuthenticationOptions();
        if (options.CaFile is not null)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
            ssl.CertificateChainPolicy = policy;
        }

        if (options.CertificateFile is not null)
        {
            var certificate = X509Certificate2.CreateFromPemFile(options.CertificateFile, options.KeyFile);
            ssl.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null);
        }

        return ssl;
    }

    private static async ValueTask<Stream> ConnectTcpAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
