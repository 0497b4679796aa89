using System.Collections.Immutable;
using AiRouter.Api.Backends.OpenAi.Connections;

namespace AiRouter.Api.Backends.Anthropic;

/// <summary>
/// The headers that say which version of Anthropic's API is spoken. The client's version counts where it names one, else the backend's;
/// what is tried out at the server (<c>anthropic-beta</c>) is what either of them asks for.
/// </summary>
internal sealed class AnthropicHeaders
{
    private const string VersionName = "anthropic-version";
    private const string BetaName = "anthropic-beta";
    private const string Standard = "2023-06-01";

    private readonly string _version;
    private readonly string[] _betas;

    /// <summary>As a backend is configured.</summary>
    public AnthropicHeaders(IEnumerable<KeyValuePair<string, string>> configured)
    {
        var own = configured.Where(static h => IsOurs(h.Key)).ToList();
        _version = own.Where(static h => IsVersion(h.Key)).Select(static h => h.Value).LastOrDefault() ?? Standard;
        _betas = [.. own.Where(static h => !IsVersion(h.Key)).SelectMany(static h => Items(h.Value))];
    }

    /// <summary>A backend's own headers without those that are decided here.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Without(ImmutableArray<KeyValuePair<string, string>> configured) =>
        configured.RemoveAll(static h => IsOurs(h.Key));

    /// <summary>Whether the header is decided here, and not passed.</summary>
    public static bool IsOurs(string name) => IsVersion(name) || name.Equals(BetaName, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds them to a request.</summary>
    /// <param name="request">Has none of them.</param>
    /// <param name="asked">The headers that the client has sent.</param>
    public void Add(UpstreamRequest request, ReadOnlySpan<(string Name, string Value)> asked)
    {
        var version = _version;
        List<string> betas = [.. _betas];
        foreach (var (name, value) in asked)
        {
            if (IsVersion(name))
            {
                version = value;
            }
            else if (IsOurs(name))
            {
                betas.AddRange(Items(value));
            }
        }

        request.Add(VersionName, version);
        request.Add(BetaName, string.Join(',', betas.Distinct(StringComparer.Ordinal)));
    }

    private static bool IsVersion(string name) => name.Equals(VersionName, StringComparison.OrdinalIgnoreCase);

    private static string[] Items(string value) =>
        value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
