namespace AiRouter.Admin.Authentication.Proxies;

/// <summary>A proxy in front of Admin that has people sign in and says in a header who they are.</summary>
internal sealed record ProxyIdentityOptions
{
    /// <summary>The variable with the header's name.</summary>
    public const string HeaderVariable = "AIROUTER_ADMIN_PROXY_HEADER";

    /// <summary>The variable with the name of the header of somebody's groups.</summary>
    public const string GroupsHeaderVariable = "AIROUTER_ADMIN_PROXY_GROUPS_HEADER";

    /// <summary>The variable with who has which role.</summary>
    public const string RolesVariable = "AIROUTER_ADMIN_PROXY_ROLES";

    /// <summary>The header with somebody's name, such as <c>X-Forwarded-User</c>.</summary>
    public required string Header { get; init; }

    /// <summary>The header with his groups, with commas between; null: none.</summary>
    public string? GroupsHeader { get; init; }

    /// <summary>Who has which role; groups are written <c>group:NAME</c>.</summary>
    public required RoleMapping Roles { get; init; }

    /// <summary>What sessions of it hang on: another header or other roles end them.</summary>
    public string Source => $"proxy:{Header}:{GroupsHeader}:{Roles.Fingerprint}";

    /// <summary>The options (null: none are given), or one sentence that says what is wrong.</summary>
    /// <param name="variables">The environment.</param>
    /// <param name="hasProxies">Whether it says which proxies are trusted.</param>
    public static (ProxyIdentityOptions? Options, string? Problem) FromEnvironment(
        IReadOnlyDictionary<string, string> variables, bool hasProxies)
    {
        var header = AccessOptions.Text(variables, HeaderVariable);
        var groups = AccessOptions.Text(variables, GroupsHeaderVariable);
        var roles = AccessOptions.Text(variables, RolesVariable);
        if (header is null)
        {
            return groups is null && roles is null
                ? (null, null)
                : (null, $"{HeaderVariable} is missing: the header in which the proxy says who somebody is.");
        }

        if (!hasProxies)
        {
            return (null, $"{HeaderVariable} is set, but {AccessOptions.ProxiesVariable} is not: anybody could write the header. Set it to the " +
                "addresses of the proxy.");
        }

        if (new[] { header, groups }.FirstOrDefault(static h => h is not null && !IsHeaderName(h)) is { } wrong)
        {
            return (null, $"\"{wrong}\" is no name of a header that a proxy could set ({HeaderVariable}, {GroupsHeaderVariable}).");
        }

        if (roles is null)
        {
            return (null, $"{RolesVariable} is missing: without it nobody whom the proxy names has a role. Such as " +
                "admin=ann@example.com,group:platform;viewer=*.");
        }

        var (mapping, problem) = RoleMapping.Parse(RolesVariable, roles);
        return problem is not null
            ? (null, problem + ".")
            : (new ProxyIdentityOptions { Header = header, GroupsHeader = groups, Roles = mapping! }, null);
    }

    // A header of HTTP's own says something else; above all not one that every browser sends.
    private static bool IsHeaderName(string name) =>
        name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') &&
        !string.Equals(name, "Authorization", StringComparison.OrdinalIgnoreCase) &&
        !string.Equals(name, "Cookie", StringComparison.OrdinalIgnoreCase) &&
        !string.Equals(name, "Host", StringComparison.OrdinalIgnoreCase);
}
