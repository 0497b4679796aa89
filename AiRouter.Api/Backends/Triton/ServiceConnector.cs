using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Api.Backends.Triton;

/// <summary>
/// Opens TCP connections to hosts that may be service names (<c>http://triton</c>): endpoints come from ServiceDiscovery, one
/// after the other. A name that it does not know is a host name.
/// </summary>
internal sealed class ServiceConnector(ServiceEndpointResolver resolver)
{
    private int _next;

    /// <summary>See <see cref="AiRouter.Triton.TritonClientOptions.Connect"/>.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var endpoint = await ResolveAsync(host, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async ValueTask<EndPoint> ResolveAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        // A literal address is nobody's service name.
        if (IPAddress.TryParse(host.Host, out var address))
        {
            return new IPEndPoint(address, host.Port);
        }

        var source = await resolver.GetEndpointsAsync($"http://{host.Host}:{host.Port}", cancellationToken);
        if (source.Endpoints.Count == 0)
        {
            return host;
        }

        var next = (uint)Interlocked.Increment(ref _next) % (uint)source.Endpoints.Count;
        return WithPort(source.Endpoints[(int)next].EndPoint, host.Port);
    }

    /// <summary>What a socket can connect to. An endpoint that was found without a port gets the URL's; one that was written as a URL,
    /// as Aspire does, has its own.</summary>
    private static EndPoint WithPort(EndPoint endpoint, int port) => endpoint switch
    {
        UriEndPoint { Uri: var url } => new DnsEndPoint(url.IdnHost, url.Port),
        DnsEndPoint { Port: 0 } dns => new DnsEndPoint(dns.Host, port),
        IPEndPoint { Port: 0 } ip => new IPEndPoint(ip.Address, port),
        _ => endpoint,
    };
}
