using System.Net;
using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about the listener's settings.</summary>
internal static class ServerValidation
{
    public static void Check(ServerConfig server, ProblemList problems)
    {
        var path = ConfigPath.Root["server"];
        if (server.MaxBufferedMiB <= server.MaxBodyMiB)
        {
            problems.Add(path["maxBufferedMiB"], $"must be more than maxBodyMiB ({server.MaxBodyMiB}): the answer to such a body needs room too");
        }

        for (var i = 0; i < server.TrustedProxies.Count; i++)
        {
            if (server.TrustedProxies[i] is { } proxy && !IPAddress.TryParse(proxy, out _) && !IPNetwork.TryParse(proxy, out _))
            {
                problems.Add(path["trustedProxies"][i], $"must be an address or a network such as 10.0.0.0/8, not \"{proxy}\"");
            }
        }

        for (var i = 0; i < server.CorsOrigins.Count; i++)
        {
            if (server.CorsOrigins[i] is { } origin && origin != "*" && !IsOrigin(origin))
            {
                problems.Add(path["corsOrigins"][i], $"must be * or an origin such as https://app.example.com, not \"{origin}\"");
            }
        }
    }

    // Browsers send scheme, host and port, never a path.
    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0 &&
        string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.OrdinalIgnoreCase);
}
