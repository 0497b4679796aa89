using System.Security.Claims;
using System.Text.Json;
using AiRouter.Admin.Authentication.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AiRouter.Admin.Authentication.OpenId;

/// <summary>
/// Signs people in at a provider: the code flow with PKCE. Of what the provider says only the name and the role are kept, in a session
/// as any other; no token is.
/// </summary>
internal sealed partial class OpenIdSignIn(AdminOptions admin, SessionDesk sessions, TimeProvider time, ILogger<OpenIdSignIn> logger)
    : IConfigureNamedOptions<OpenIdConnectOptions>
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "OpenId";

    /// <summary>What names of people begin with whom the provider named, in history and audit.</summary>
    public const string NamePrefix = "oidc:";

    private const int LongestName = 128;

    private readonly OpenIdOptions _provider = admin.Access.OpenId!;

    /// <inheritdoc/>
    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name == SchemeName)
        {
            Configure(options);
        }
    }

    /// <inheritdoc/>
    public void Configure(OpenIdConnectOptions options)
    {
        options.Authority = _provider.Authority.ToString();
        options.RequireHttpsMetadata = !_provider.IsLocal;
        options.ClientId = _provider.ClientId;
        options.ClientSecret = _provider.ClientSecret;
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.CallbackPath = SignInPaths.OpenIdCallback;
        options.SignedOutCallbackPath = default;
        options.RemoteSignOutPath = default;
        options.SignInScheme = SessionCookie.SchemeName;
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(10);
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.DisableTelemetry = true;
        options.Scope.Clear();
        foreach (var scope in _provider.Scopes)
        {
            options.Scope.Add(scope);
        }

        // Many providers tell groups there only.
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        foreach (var claim in (string[])[_provider.NameClaim, "email", "email_verified", "name", _provider.RoleClaim])
        {
            options.ClaimActions.MapJsonKey(claim, claim);
        }

        // A path leads into an object, which is kept as it is written.
        if (_provider.RoleClaim.Split('.') is [var root, _, ..])
        {
            options.ClaimActions.MapCustomJson(
                root, person => person.TryGetProperty(root, out var value) && value.ValueKind == JsonValueKind.Object ? value.GetRawText() : null);
        }

        // The query brings the answer, so cookies of the way there and back need not go along with posts of other sites.
        options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Events.OnTicketReceived = ReceivedAsync;
        options.Events.OnRemoteFailure = FailedAsync;
    }

    /// <summary>Sends somebody to the provider, or back to the page to sign in when it cannot be reached.</summary>
    public async Task GoAsync(HttpContext context, string returnPath)
    {
        try
        {
            await context.ChallengeAsync(SchemeName, new AuthenticationProperties { RedirectUri = returnPath });
        }
        catch (InvalidOperationException failure) when (failure.InnerException is IOException or HttpRequestException)
        {
            LogFailed(_provider.Authority.Host, failure.Message);
            context.Response.Redirect(SignInPaths.To(returnPath, SignInReason.ProviderFailed));
        }
    }

    private async Task ReceivedAsync(TicketReceivedContext context)
    {
        var user = context.Principal!;
        var name = NameOf(user);
        if (name is null || _provider.Roles.RoleOf(RoleNames(user)) is not var (role, readsBodies))
        {
            LogNoRole(name, _provider.RoleClaim);
            context.HandleResponse();
            context.Response.Redirect(SignInPaths.To(context.ReturnUri, SignInReason.NoRole));
            return;
        }

        await sessions.EndBeforeAsync(context.HttpContext);

        var session = UserSession.Begin(new AdminIdentity(NamePrefix + name, role, readsBodies), _provider.Source, time.GetUtcNow());
        context.Principal = session.ToPrincipal(SessionCookie.SchemeName);
        context.Properties = new AuthenticationProperties();
        context.ReturnUri = SignInPaths.Local(context.ReturnUri);
        LogBegun(session.Identity.Name, role.ToString(), context.HttpContext.Connection.RemoteIpAddress?.ToString());
    }

    // Anybody can tell some providers any address as his own.
    private IReadOnlyCollection<string> RoleNames(ClaimsPrincipal user) =>
        _provider.RoleClaim == "email" && !user.HasClaim(static c => c.Type == "email_verified" && c.Value.Equals("true", StringComparison.OrdinalIgnoreCase))
            ? []
            : ClaimValues.Of(user, _provider.RoleClaim);

    private string? NameOf(ClaimsPrincipal user) =>
        ((string[])[_provider.NameClaim, "email", "name", "sub"])
            .Select(claim => user.FindFirstValue(claim)?.Trim())
            .FirstOrDefault(static n => n is { Length: > 0 and <= LongestName } && !n.Any(char.IsControl));

    private Task FailedAsync(RemoteFailureContext context)
    {
        LogFailed(_provider.Authority.Host, context.Failure?.Message);
        context.HandleResponse();
        context.Response.Redirect(SignInPaths.To(null, SignInReason.ProviderFailed));
        return Task.CompletedTask;
    }

    [LoggerMessage(3210, LogLevel.Information, "{Name} signed in as {Role} from {Address}")]
    private partial void LogBegun(string name, string role, string? address);

    [LoggerMessage(3207, LogLevel.Warning, "The provider named {Name}, who has no role by the claim {Claim} (AIROUTER_OIDC_ROLES)")]
    private partial void LogNoRole(string? name, string claim);

    [LoggerMessage(3208, LogLevel.Warning, "Signing in at {Provider} failed: {Reason}")]
    private partial void LogFailed(string provider, string? reason);
}
