using System.Net;
using System.Net.Sockets;

namespace AiRouter.Admin.Management.BackendChecks;

/// <summary>
/// Addresses that nothing is sent to when somebody tries a backend out (R6): those of machines' own metadata services, which hand
/// out credentials to whoever asks, and those that are no address of a server.
/// </summary>
internal static class RefusedAddresses
{
    private const string LinkLocal = "a link-local address";
    private const string Metadata = "the address of a cloud's metadata service";
    private const string NoServer = "no address of a server";

    private static readonly (IPNetwork Network, string What)[] Refused =
    [
        // AWS, Azure, Google and most others have theirs at 169.254.169.254.
        (IPNetwork.Parse("169.254.0.0/16"), LinkLocal),
        (IPNetwork.Parse("fe80::/10"), LinkLocal),
        (IPNetwork.Parse("fd00:ec2::/32"), Metadata),
        (IPNetwork.Parse("fd20:ce::254/128"), Metadata),
        (IPNetwork.Parse("100.100.100.200/32"), Metadata),
        (IPNetwork.Parse("168.63.129.16/32"), Metadata),
        (IPNetwork.Parse("192.0.0.192/32"), Metadata),
        (IPNetwork.Parse("0.0.0.0/8"), NoServer),
        (IPNetwork.Parse("224.0.0.0/4"), NoServer),
        (IPNetwork.Parse("255.255.255.255/32"), NoServer),
        (IPNetwork.Parse("::/128"), NoServer),
        (IPNetwork.Parse("ff00::/8"), NoServer),
    ];

    // Addresses of IPv6 that have one of IPv4 inside, and where: compatible, NAT64, 6to4.
    private static readonly (IPNetwork Network, int At)[] Carriers =
    [
        (IPNetwork.Parse("::/96"), 12),
        (IPNetwork.Parse("64:ff9b::/96"), 12),
        (IPNetwork.Parse("64:ff9b:1::/48"), 12),
        (IPNetwork.Parse("2002::/16"), 2),
    ];

    /// <summary>What an address is, if it is refused; null: it is not.</summary>
    public static string? WhatIs(IPAddress address)
    {
        foreach (var (network, what) in Refused)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
            {
                return what;
            }
        }

        return Inner(address) is { } inner ? WhatIs(inner) : null;
    }

    private static IPAddress? Inner(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IPv6Loopback.Equals(address))
        {
            return null;
        }

        // Networks never contain these, whatever their own address is (measured).
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // A zone (fe80::1%eth0) is no part of what is compared.
        var bytes = address.GetAddressBytes();
        var plain = new IPAddress(bytes);
        foreach (var (network, at) in Carriers)
        {
            if (network.Contains(plain))
            {
                return new IPAddress(bytes.AsSpan(at, 4));
            }
        }

        return null;
    }
}
