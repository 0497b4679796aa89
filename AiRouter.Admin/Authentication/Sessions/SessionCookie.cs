using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>The cookie that a session is in: encrypted and signed, for this site alone, read by no script.</summary>
internal sealed class SessionCookie(AdminOptions options) : IConfigureNamedOptions<CookieAuthenticationOptions>
{
    /// <summary>The scheme's name.</summary>
    public const string SchemeName = "Session";

    /// <summary>The cookie's name.</summary>
    public const string Name = "airouter.session";

    /// <inheritdoc/>
    public void Configure(string? name, CookieAuthenticationOptions cookies)
    {
        if (name == SchemeName)
        {
            Configure(cookies);
        }
    }

    /// <inheritdoc/>
    public void Configure(CookieAuthenticationOptions cookies)
    {
        cookies.Cookie.Name = Name;
        cookies.Cookie.HttpOnly = true;
        cookies.Cookie.IsEssential = true;

        // Not Strict: whoever comes back from a provider, or from a link in a chat, would seem to be signed out.
        cookies.Cookie.SameSite = SameSiteMode.Lax;
        cookies.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookies.ExpireTimeSpan = options.Access.Idle;
        cookies.SlidingExpiration = true;
        cookies.LoginPath = SignInPaths.SignIn;
        cookies.ReturnUrlParameter = SignInPaths.ReturnParameter;
        cookies.Events.OnValidatePrincipal = ValidateAsync;
        cookies.Events.OnRedirectToLogin = RedirectAsync;
        cookies.Events.OnRedirectToAccessDenied = static context => SessionServices.RefuseAsync(context.HttpContext);
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var check = context.HttpContext.RequestServices.GetRequiredService<SessionCheck>();
        var verdict = await check.OfAsync(context.Principal!, context.HttpContext.RequestAborted);
        switch (verdict.End)
        {
            case null:
                return;
            case SessionEnd.RoleChanged:
                context.ReplacePrincipal(verdict.Session!.ToPrincipal(SchemeName));
                context.ShouldRenew = true;
                return;
            default:
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync(SchemeName);
                return;
        }
    }

    // A script that asks must not be given a page to sign in.
    private static Task RedirectAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        if (SignInPaths.IsPage(context.Request))
        {
            context.Response.Redirect(context.RedirectUri);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        }

        return Task.CompletedTask;
    }
}
