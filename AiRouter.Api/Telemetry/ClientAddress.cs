using System.Net;

namespace AiRouter.Api.Telemetry;

/// <summary>Where a request really comes from, for the access log (R4).</summary>
internal static class ClientAddress
{
    private const string Header = "X-Forwarded-For";

    /// <summary>
    /// The connection's address; when that is a trusted proxy's, the nearest address in <c>X-Forwarded-For</c> that is not.
    /// Read from the right: what stands left of the first untrusted address is whatever the client wrote.
    /// </summary>
    public static IPAddress? Of(HttpContext http, IReadOnlyList<string> trustedProxies)
    {
        var address = http.Connection.RemoteIpAddress;
        if (trustedProxies.Count == 0 || address is null || !IsTrusted(address, trustedProxies))
        {
            return address;
        }

        var hops = http.Request.Headers[Header].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.TrimEntries));
        foreach (var hop in hops.Reverse())
        {
            if (!IPAddress.TryParse(hop, out var next))
            {
                break;
            }

            address = next;
            if (!IsTrusted(address, trustedProxies))
            {
                break;
            }
        }

        return address;
    }

    private static bool IsTrusted(IPAddress address, IReadOnlyList<string> trustedProxies)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var proxy in trustedProxies)
        {
            if (IPNetwork.TryParse(proxy, out var network)
                ? network.Contains(plain)
                : IPAddress.TryParse(proxy, out var single) && single.Equals(plain))
            {
                return true;
            }
        }

        return false;
    }
}
