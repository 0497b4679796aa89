using System.Net;
using System.Net.Sockets;

namespace AiRouter.Core.Configuration;

/// <summary>Which hosts are one's own: addresses that no public network routes to, and names that no public DNS has.</summary>
internal static class PrivateHost
{
    private static readonly IPNetwork[] Networks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    private static readonly string[] Suffixes = [".local", ".localhost", ".internal", ".lan", ".home.arpa", ".svc", ".test"];

    /// <summary>Whether <paramref name="host"/> (of a URL) is one: a name without a dot is too.</summary>
    public static bool Is(string host)
    {
        if (!IPAddress.TryParse(host.Trim('[', ']'), out var address))
        {
            return !host.Contains('.') || Suffixes.Any(s => host.EndsWith(s, StringComparison.OrdinalIgnoreCase)) ||
                host.Contains(".svc.", StringComparison.OrdinalIgnoreCase);
        }

        address = address.AddressFamily == AddressFamily.InterNetworkV6 && address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(address) || Networks.Any(n => n.Contains(address));
    }
}
