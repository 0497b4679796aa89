using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.ServiceDiscovery;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// Opens the connections of one check. Every host is resolved once, its addresses are looked at, and connections go to those very
/// addresses: a name that leads elsewhere the second time leads nowhere.
/// </summary>
internal sealed class CheckedConnector(ServiceEndpointResolver? services, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
{
    private readonly ConcurrentDictionary<(string Host, int Port), IReadOnlyList<IPEndPoint>> _resolved = new();

    /// <summary>The addresses of a host.</summary>
    /// <exception cref="AddressRefusedException">One of them is refused.</exception>
    /// <exception cref="SocketException">The name has none.</exception>
    public async Task<IReadOnlyList<IPEndPoint>> ResolveAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (_resolved.TryGetValue((host, port), out var known))
        {
            return known;
        }

        var found = await LookUpAsync(host, port, cancellationToken);
        foreach (var endpoint in found)
        {
            if (RefusedAddresses.WhatIs(endpoint.Address) is { } what)
            {
                throw new AddressRefusedException($"{host} is {endpoint.Address}, {what}: nothing is sent there.");
            }
        }

        return _resolved.GetOrAdd((host, port), found);
    }

    /// <summary>Connects to a host, to one address after the other.</summary>
    /// <exception cref="AddressRefusedException">An address is refused.</exception>
    /// <exception cref="SocketException">Nobody is there.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellationToken)
    {
        var endpoints = await ResolveAsync(host.Host, host.Port, cancellationToken);
        for (var i = 0; ; i++)
        {
            var socket = new Socket(endpoints[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(endpoints[i], cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i < endpoints.Count - 1)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task<IReadOnlyList<IPEndPoint>> LookUpAsync(string host, int port, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [new IPEndPoint(literal, port)];
        }

        // As routers do: a name without a dot may be a service's, and _grpc.triton an endpoint of one.
        if (services is not null && (!host.Contains('.') || host.StartsWith('_')) && host != "localhost")
        {
            var source = await services.GetEndpointsAsync($"http://{host}:{port}", cancellationToken);
            var endpoints = new List<IPEndPoint>();
            foreach (var endpoint in source.Endpoints)
            {
                endpoints.AddRange(endpoint.EndPoint switch
                {
                    UriEndPoint { Uri: var url } => await LookUpNameAsync(url.IdnHost, url.Port, cancellationToken),
                    IPEndPoint ip => [new IPEndPoint(ip.Address, ip.Port == 0 ? port : ip.Port)],
                    DnsEndPoint dns => await LookUpNameAsync(dns.Host, dns.Port == 0 ? port : dns.Port, cancellationToken),
                    _ => [],
                });
            }

            if (endpoints.Count > 0)
            {
                return endpoints;
            }
        }

        return await LookUpNameAsync(host, port, cancellationToken);
    }

    private async Task<IReadOnlyList<IPEndPoint>> LookUpNameAsync(string host, int port, CancellationToken cancellationToken)
    {
        var addresses = await lookUp(host, cancellationToken);
        return addresses.Length > 0
            ? [.. addresses.Select(a => new IPEndPoint(a, port))]
            : throw new SocketException((int)SocketError.HostNotFound);
    }
}
