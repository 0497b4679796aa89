using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace AiRouter.Api.Authentication;

/// <summary>Whether the router can be reached from this machine only (R1).</summary>
internal sealed class ListenerScope(IServer server)
{
    private bool? _isLoopbackOnly;

    /// <summary>True when every address that the server listens on is a loopback one.</summary>
    public bool IsLoopbackOnly => _isLoopbackOnly ??= Read();

    private bool Read()
    {
        var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses;
        return addresses is { Count: > 0 } && addresses.All(IsLoopback);
    }

    private static bool IsLoopback(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) &&
        (uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
            (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip)));
}
