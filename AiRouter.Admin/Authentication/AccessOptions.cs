using System.Globalization;
using System.Net;
using AiRouter.Admin.Authentication.OpenId;
using AiRouter.Admin.Authentication.Proxies;

namespace AiRouter.Admin.Authentication;

/// <summary>How people sign in to the pages, beside admin keys (R44).</summary>
internal sealed record AccessOptions
{
    /// <summary>The variable with the minutes after which a session without use ends.</summary>
    public const string IdleVariable = "AIROUTER_ADMIN_SESSION_IDLE_MINUTES";

    /// <summary>The variable with the minutes after which every session ends.</summary>
    public const string LongestVariable = "AIROUTER_ADMIN_SESSION_MAX_MINUTES";

    /// <summary>The variable with the networks of proxies whose headers are believed.</summary>
    public const string ProxiesVariable = "AIROUTER_ADMIN_TRUSTED_PROXIES";

    private const int MostMinutes = 30 * 24 * 60;

    /// <summary>A session without use ends after this time.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Every session ends after this time.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Where proxies are whose <c>X-Forwarded-*</c> headers, and header of identity, are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>A provider that people sign in at; null: none.</summary>
    public OpenIdOptions? OpenId { get; init; }

    /// <summary>A proxy that says who somebody is; null: none.</summary>
    public ProxyIdentityOptions? Proxy { get; init; }

    /// <summary>The options, or one sentence that says what is wrong.</summary>
    public static (AccessOptions? Options, string? Problem) FromEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        var defaults = new AccessOptions();
        var (longest, problem) = Minutes(variables, LongestVariable, defaults.Longest, MostMinutes);
        if (problem is not null)
        {
            return (null, problem);
        }

        (var idle, problem) = Minutes(
            variables, IdleVariable, TimeSpan.FromTicks(Math.Min(defaults.Idle.Ticks, longest.Ticks)), (int)longest.TotalMinutes);
        if (problem is not null)
        {
            return (null, problem);
        }

        (var proxies, problem) = Networks(variables.GetValueOrDefault(ProxiesVariable));
        if (problem is not null)
        {
            return (null, problem);
        }

        (var openId, problem) = OpenIdOptions.FromEnvironment(variables);
        if (problem is not null)
        {
            return (null, problem);
        }

        (var proxy, problem) = ProxyIdentityOptions.FromEnvironment(variables, proxies.Count > 0);
        return problem is not null
            ? (null, problem)
            : (new AccessOptions { Idle = idle, Longest = longest, TrustedProxies = proxies, OpenId = openId, Proxy = proxy }, null);
    }

    /// <summary>A variable without the space around it; null: it is not set, or empty.</summary>
    internal static string? Text(IReadOnlyDictionary<string, string> variables, string name) =>
        variables.GetValueOrDefault(name)?.Trim() is { Length: > 0 } text ? text : null;

    private static (TimeSpan Time, string? Problem) Minutes(
        IReadOnlyDictionary<string, string> variables, string name, TimeSpan byDefault, int most) =>
        Text(variables, name) is not { } text
            ? (byDefault, null)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes >= 1 && minutes <= most
                ? (TimeSpan.FromMinutes(minutes), null)
                : (default, $"{name} must be a number of minutes from 1 to {most}, not \"{text}\".");

    private static (IReadOnlyList<IPNetwork> Networks, string? Problem) Networks(string? text)
    {
        List<IPNetwork> networks = [];
        foreach (var part in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (IPNetwork.TryParse(part, out var network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out var address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                return ([], $"{ProxiesVariable} must be addresses or networks such as 10.0.0.0/8 with commas between, not \"{part}\".");
            }
        }

        return (networks, null);
    }
}
