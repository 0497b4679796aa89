namespace AiRouter.Admin.Authentication.OpenId;

/// <summary>A provider (OpenID Connect) that people sign in at.</summary>
internal sealed record OpenIdOptions
{
    /// <summary>The variable with the provider's address.</summary>
    public const string AuthorityVariable = "AIROUTER_OIDC_AUTHORITY";

    /// <summary>The variable with the name that the provider knows Admin by.</summary>
    public const string ClientIdVariable = "AIROUTER_OIDC_CLIENT_ID";

    /// <summary>The variable with the secret that goes with it.</summary>
    public const string ClientSecretVariable = "AIROUTER_OIDC_CLIENT_SECRET";

    /// <summary>The variable with who has which role.</summary>
    public const string RolesVariable = "AIROUTER_OIDC_ROLES";

    private const string RoleClaimVariable = "AIROUTER_OIDC_ROLE_CLAIM";
    private const string NameClaimVariable = "AIROUTER_OIDC_NAME_CLAIM";
    private const string ScopesVariable = "AIROUTER_OIDC_SCOPES";
    private const string TitleVariable = "AIROUTER_OIDC_NAME";
    private const string Prefix = "AIROUTER_OIDC_";

    /// <summary>The provider's address, such as <c>https://login.example.com/realms/main</c>.</summary>
    public required Uri Authority { get; init; }

    /// <summary>The name that the provider knows Admin by.</summary>
    public required string ClientId { get; init; }

    /// <summary>The secret that goes with it; null: a public client, which PKCE alone protects.</summary>
    public string? ClientSecret { get; init; }

    /// <summary>Who has which role.</summary>
    public required RoleMapping Roles { get; init; }

    /// <summary>The claim whose values the roles are given by; <c>a.b</c> is the member b of a claim a that is an object.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>The claim that history and audit call people by.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>What is asked of the provider.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["openid", "profile", "email"];

    /// <summary>What the sign-in page calls the provider.</summary>
    public required string Title { get; init; }

    /// <summary>Whether the provider may be asked without TLS: on this machine only.</summary>
    public bool IsLocal => Authority.IsLoopback;

    /// <summary>What sessions of it hang on: another provider or other roles end them.</summary>
    public string Source => $"oidc:{Authority}:{ClientId}:{RoleClaim}:{Roles.Fingerprint}";

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"OpenID Connect at {Authority}";

    /// <summary>The options (null: none are given), or one sentence that says what is wrong.</summary>
    public static (OpenIdOptions? Options, string? Problem) FromEnvironment(IReadOnlyDictionary<string, string> variables)
    {
        if (AccessOptions.Text(variables, AuthorityVariable) is not { } authority)
        {
            return variables.FirstOrDefault(static v => v.Key.StartsWith(Prefix, StringComparison.Ordinal) && v.Value.Trim().Length > 0).Key is { } alone
                ? (null, $"{alone} is set, but {AuthorityVariable} is not: set it to the provider's address, such as https://login.example.com.")
                : (null, null);
        }

        if (!Uri.TryCreate(authority, UriKind.Absolute, out var url) || !string.IsNullOrEmpty(url.UserInfo) || url.Query.Length > 0 ||
            !(url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback)))
        {
            return (null, $"{AuthorityVariable} must be the provider's address, such as https://login.example.com; http only on this machine.");
        }

        if (AccessOptions.Text(variables, ClientIdVariable) is not { } client)
        {
            return (null, $"{ClientIdVariable} is missing: the name that {url.Host} knows AiRouter by.");
        }

        if (AccessOptions.Text(variables, RolesVariable) is not { } roles)
        {
            return (null, $"{RolesVariable} is missing: without it nobody whom {url.Host} knows has a role. Such as " +
                "admin=platform-team;viewer=*.");
        }

        var (mapping, problem) = RoleMapping.Parse(RolesVariable, roles);
        if (problem is not null)
        {
            return (null, problem + ".");
        }

        var defaults = new OpenIdOptions { Authority = url, ClientId = client, Roles = mapping!, Title = url.Host };
        return (defaults with
        {
            ClientSecret = AccessOptions.Text(variables, ClientSecretVariable),
            RoleClaim = AccessOptions.Text(variables, RoleClaimVariable) ?? defaults.RoleClaim,
            NameClaim = AccessOptions.Text(variables, NameClaimVariable) ?? defaults.NameClaim,
            Scopes = AccessOptions.Text(variables, ScopesVariable) is { } scopes
                ? [.. scopes.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries).Prepend("openid").Distinct(StringComparer.Ordinal)]
                : defaults.Scopes,
            Title = AccessOptions.Text(variables, TitleVariable) ?? defaults.Title,
        }, null);
    }
}
