using AiRouter.Admin;
using AiRouter.Admin.Authentication;

namespace AiRouter.Tests.Access;

/// <summary>What the environment says about signing in, and what is said when it is wrong.</summary>
public sealed class AccessOptionsTests
{
    [Fact]
    public void By_default_people_sign_in_with_keys_for_8_hours_of_silence_and_24_in_all()
    {
        var access = Parsed([]);

        Assert.Equal(TimeSpan.FromHours(8), access.Idle);
        Assert.Equal(TimeSpan.FromHours(24), access.Longest);
        Assert.Null(access.OpenId);
        Assert.Null(access.Proxy);
        Assert.Empty(access.TrustedProxies);
    }

    [Fact]
    public void Shorter_sessions_can_be_asked_for()
    {
        var access = Parsed([("AIROUTER_ADMIN_SESSION_IDLE_MINUTES", "15"), ("AIROUTER_ADMIN_SESSION_MAX_MINUTES", "60")]);

        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(60)), (access.Idle, access.Longest));
        Assert.Equal(TimeSpan.FromMinutes(30), Parsed([("AIROUTER_ADMIN_SESSION_MAX_MINUTES", "30")]).Idle);
    }

    [Fact]
    public void Provider_needs_an_address_a_client_and_roles()
    {
        var access = Parsed(Provider());

        Assert.Equal("https://login.example.com/realms/main", access.OpenId!.Authority.ToString());
        Assert.Equal("roles", access.OpenId.RoleClaim);
        Assert.Equal("login.example.com", access.OpenId.Title);
        Assert.Equal(["openid", "profile", "email"], access.OpenId.Scopes);
        Assert.DoesNotContain("the-secret", access.OpenId.ToString(), StringComparison.Ordinal);
        Assert.Equal(["openid", "groups"], Parsed(Provider(("AIROUTER_OIDC_SCOPES", "groups openid"))).OpenId!.Scopes);
    }

    [Theory]
    [InlineData("AIROUTER_OIDC_AUTHORITY", "", "AIROUTER_OIDC_AUTHORITY is not")]
    [InlineData("AIROUTER_OIDC_AUTHORITY", "login.example.com", "AIROUTER_OIDC_AUTHORITY must be")]
    [InlineData("AIROUTER_OIDC_AUTHORITY", "http://login.example.com", "http only on this machine")]
    [InlineData("AIROUTER_OIDC_CLIENT_ID", "", "AIROUTER_OIDC_CLIENT_ID is missing")]
    [InlineData("AIROUTER_OIDC_ROLES", "", "AIROUTER_OIDC_ROLES is missing")]
    [InlineData("AIROUTER_OIDC_ROLES", "owner=ann", "AIROUTER_OIDC_ROLES: \"owner=ann\" is no ROLE")]
    public void Half_a_provider_is_refused(string name, string value, string problem)
    {
        Assert.Contains(problem, Problem(Provider((name, value))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AIROUTER_ADMIN_TRUSTED_PROXIES", "", "anybody could write the header")]
    [InlineData("AIROUTER_ADMIN_TRUSTED_PROXIES", "proxy.example.com", "must be addresses or networks")]
    [InlineData("AIROUTER_ADMIN_PROXY_HEADER", "", "AIROUTER_ADMIN_PROXY_HEADER is missing")]
    [InlineData("AIROUTER_ADMIN_PROXY_HEADER", "Authorization", "is no name of a header that a proxy could set")]
    [InlineData("AIROUTER_ADMIN_PROXY_HEADER", "X User", "is no name of a header that a proxy could set")]
    [InlineData("AIROUTER_ADMIN_PROXY_ROLES", "", "AIROUTER_ADMIN_PROXY_ROLES is missing")]
    [InlineData("AIROUTER_ADMIN_PROXY_ROLES", "admin", "AIROUTER_ADMIN_PROXY_ROLES: \"admin\" is no ROLE")]
    [InlineData("AIROUTER_ADMIN_SESSION_IDLE_MINUTES", "0", "from 1 to 1440")]
    [InlineData("AIROUTER_ADMIN_SESSION_IDLE_MINUTES", "2000", "from 1 to 1440")]
    [InlineData("AIROUTER_ADMIN_SESSION_MAX_MINUTES", "1 day", "number of minutes")]
    public void Half_a_proxy_is_refused(string name, string value, string problem)
    {
        Assert.Contains(problem, Problem(Proxy((name, value))), StringComparison.Ordinal);
    }

    [Fact]
    public void Proxy_is_a_header_and_networks()
    {
        var access = Parsed(Proxy());

        Assert.Equal("X-Forwarded-User", access.Proxy!.Header);
        Assert.Equal(["10.0.0.0/8", "192.168.1.7/32", "fd00::/8"], access.TrustedProxies.Select(static n => n.ToString()));
    }

    private static (string, string)[] Provider(params (string, string)[] more) =>
    [
        ("AIROUTER_OIDC_AUTHORITY", "https://login.example.com/realms/main"), ("AIROUTER_OIDC_CLIENT_ID", "airouter"),
        ("AIROUTER_OIDC_CLIENT_SECRET", "the-secret"), ("AIROUTER_OIDC_ROLES", "admin=ops;viewer=*"), .. more,
    ];

    private static (string, string)[] Proxy(params (string, string)[] more) =>
    [
        ("AIROUTER_ADMIN_TRUSTED_PROXIES", "10.0.0.0/8, 192.168.1.7,fd00::/8"), ("AIROUTER_ADMIN_PROXY_HEADER", "X-Forwarded-User"),
        ("AIROUTER_ADMIN_PROXY_GROUPS_HEADER", "X-Forwarded-Groups"), ("AIROUTER_ADMIN_PROXY_ROLES", "admin=ann,group:ops"), .. more,
    ];

    private static AccessOptions Parsed((string, string)[] variables)
    {
        var (options, problem) = AdminOptions.FromEnvironment(Environment(variables));
        Assert.Null(problem);
        return options!.Access;
    }

    private static string Problem((string, string)[] variables)
    {
        var (options, problem) = AdminOptions.FromEnvironment(Environment(variables));
        Assert.Null(options);
        Assert.EndsWith(".", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("the-secret", problem, StringComparison.Ordinal);
        return problem!;
    }

    private static Dictionary<string, string> Environment((string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string> { ["ConnectionStrings__redis"] = "localhost" };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return environment;
    }
}
