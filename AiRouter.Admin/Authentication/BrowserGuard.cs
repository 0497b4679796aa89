using System.Net;
using AiRouter.Admin.Management.Failures;

namespace AiRouter.Admin.Authentication;

/// <summary>
/// Keeps web pages of others out. Over loopback only names of this machine (or those of <c>AIROUTER_ADMIN_HOSTS</c>) are answered, so
/// that a page cannot reach Admin by giving its own name the address 127.0.0.1 (DNS rebinding); and no other origin is ever
/// answered.
/// </summary>
internal sealed class BrowserGuard(RequestDelegate next, AdminOptions options)
{
    /// <summary>Answers, or refuses.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsHostKnown(context.Connection.LocalIpAddress, request.Host.Host))
        {
            return RefuseAsync(
                context,
                "Admin answers to localhost only on this address. Where a proxy forwards another name, list it in AIROUTER_ADMIN_HOSTS.");
        }

        return IsSameOrigin(request)
            ? next(context)
            : RefuseAsync(context, "Requests of web pages from another origin are not answered.");
    }

    private bool IsHostKnown(IPAddress? local, string host) =>
        options.Hosts.Contains(host) || (options.Hosts.Count == 0 && local is not null && !IPAddress.IsLoopback(local)) ||
        IsLoopbackName(host);

    private static bool IsLoopbackName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) ||
        (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    // A proxy may speak https to the browser and http to us, so scheme and default port are not compared.
    private static bool IsSameOrigin(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" && !IsNavigation(request))
        {
            return false;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var page) &&
            page.Host.Equals(request.Host.Host.Trim(), StringComparison.OrdinalIgnoreCase) &&
            (request.Host.Port is not { } port || page.Port == port));
    }

    // A link from elsewhere, or the way back from a provider: the page of others does not get to see what is answered.
    private static bool IsNavigation(HttpRequest request) =>
        SignInPaths.IsPage(request) &&
        request.Headers["Sec-Fetch-Mode"].ToString() is "navigate" &&
        request.Headers["Sec-Fetch-Dest"].ToString() is "document";

    private static Task RefuseAsync(HttpContext context, string detail) =>
        FailureAnswers.WriteAsync(context, new ManagementFailure(FailureKind.Forbidden, detail));
}
