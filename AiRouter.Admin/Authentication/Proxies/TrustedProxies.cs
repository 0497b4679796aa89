using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace AiRouter.Admin.Authentication.Proxies;

/// <summary>Believes the headers of trusted proxies, and nobody else's.</summary>
internal static class TrustedProxies
{
    private static readonly object Mark = new();

    /// <summary>
    /// Keeps the host's own switch (ASPNETCORE_FORWARDEDHEADERS_ENABLED, which some platforms set) off: it takes anybody's word for the
    /// address that he comes from, and so anybody could say that he is a trusted proxy.
    /// </summary>
    public static void BelieveListedProxiesOnly(this WebApplicationBuilder builder) =>
        builder.Configuration["ForwardedHeaders_Enabled"] = "false";

    /// <summary>Notes which requests come from a trusted proxy, then takes address, scheme and host from its headers.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        var networks = app.Services.GetRequiredService<AdminOptions>().Access.TrustedProxies;
        if (networks.Count == 0)
        {
            return;
        }

        app.Use((context, next) =>
        {
            if (IsTrusted(context.Connection.RemoteIpAddress, networks))
            {
                context.Items[Mark] = Mark;
            }

            return next(context);
        });
        var forwarded = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null,
        };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var network in networks)
        {
            forwarded.KnownIPNetworks.Add(network);
        }

        app.UseForwardedHeaders(forwarded);
    }

    /// <summary>Whether the connection is a trusted proxy's.</summary>
    public static bool IsFromTrustedProxy(HttpContext context) => context.Items.ContainsKey(Mark);

    private static bool IsTrusted(IPAddress? address, IReadOnlyList<IPNetwork> networks)
    {
        if (address is null)
        {
            return false;
        }

        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => network.Contains(plain));
    }
}
