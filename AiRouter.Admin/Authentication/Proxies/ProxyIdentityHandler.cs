using System.Text.Encodings.Web;
using AiRouter.Admin.Authentication.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AiRouter.Admin.Authentication.Proxies;

/// <summary>Knows people by the header of a trusted proxy. There is no cookie: the proxy says it with every request.</summary>
internal sealed partial class ProxyIdentityHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> schemeOptions,
    ILoggerFactory logger,
    UrlEncoder encoder,
    AdminOptions options)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemeOptions, logger, encoder)
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Proxy";

    /// <summary>What names of people begin with whom the proxy named, in history and audit.</summary>
    public const string NamePrefix = "proxy:";

    private const string GroupPrefix = "group:";
    private const int LongestName = 128;

    /// <summary>Whom the proxy names, role or not; null: nobody.</summary>
    public static string? NameOf(HttpContext context, ProxyIdentityOptions? proxy) =>
        proxy is not null && TrustedProxies.IsFromTrustedProxy(context) && context.Request.Headers[proxy.Header] is [{ } name] &&
        name.Trim() is { Length: > 0 and <= LongestName } trimmed && !trimmed.Any(char.IsControl) &&
        !trimmed.StartsWith(GroupPrefix, StringComparison.Ordinal)
            ? trimmed
            : null;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var proxy = options.Access.Proxy!;
        if (NameOf(Context, proxy) is not { } name)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        List<string> names = [name];
        if (proxy.GroupsHeader is { } header)
        {
            names.AddRange(Request.Headers[header]
                .SelectMany(static v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Select(static g => GroupPrefix + g));
        }

        if (proxy.Roles.RoleOf(names) is not var (role, readsBodies))
        {
            LogNoRole(Logger, name);
            return Task.FromResult(AuthenticateResult.Fail("no role"));
        }

        var session = UserSession.Begin(new AdminIdentity(NamePrefix + name, role, readsBodies), proxy.Source, TimeProvider.GetUtcNow());
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(session.ToPrincipal(Scheme.Name), Scheme.Name)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (SignInPaths.IsPage(Request))
        {
            var isKnown = NameOf(Context, options.Access.Proxy) is not null;
            Response.Redirect(SignInPaths.To(Request.Path + Request.QueryString, isKnown ? SignInReason.NoRole : null));
        }
        else
        {
            Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => SessionServices.RefuseAsync(Context);

    [LoggerMessage(3206, LogLevel.Warning, "The proxy named {Name}, who has no role (AIROUTER_ADMIN_PROXY_ROLES)")]
    private static partial void LogNoRole(ILogger logger, string name);
}
