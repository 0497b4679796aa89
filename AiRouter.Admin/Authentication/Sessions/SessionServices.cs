using AiRouter.Admin.Authentication.OpenId;
using AiRouter.Admin.Authentication.Proxies;
using AiRouter.Admin.Management.Failures;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace AiRouter.Admin.Authentication.Sessions;

/// <summary>Registers the sessions of people, by the ways in that the options name.</summary>
internal static class SessionServices
{
    /// <summary>Adds the schemes beside that of admin keys.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services, AuthenticationBuilder authentication, AccessOptions access)
    {
        services.AddDataProtection().SetApplicationName("airouter-admin");
        services
            .AddSingleton<SessionKeyRing>()
            .AddSingleton<IConfigureOptions<KeyManagementOptions>>(static p => p.GetRequiredService<SessionKeyRing>())
            .AddSingleton<IConfigureOptions<CookieAuthenticationOptions>, SessionCookie>()
            .AddSingleton<SessionCheck>()
            .AddSingleton<SessionDesk>()
            .AddSingleton<KeySignIn>();
        authentication.AddCookie(SessionCookie.SchemeName);
        if (access.OpenId is not null)
        {
            services
                .AddSingleton<OpenIdSignIn>()
                .AddSingleton<IConfigureOptions<OpenIdConnectOptions>>(static p => p.GetRequiredService<OpenIdSignIn>());
            authentication.AddOpenIdConnect(OpenIdSignIn.SchemeName, static _ => { });
        }

        if (access.Proxy is not null)
        {
            authentication.AddScheme<AuthenticationSchemeOptions, ProxyIdentityHandler>(ProxyIdentityHandler.SchemeName, null);
        }

        services.AddAntiforgery(static options =>
        {
            options.Cookie.Name = "airouter.antiforgery";
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    /// <summary>How a request says who it is from: the API by an admin key, pages by a session or by a proxy's header.</summary>
    public static string SchemeOf(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            return AdminKeyHandler.SchemeName;
        }

        var proxy = context.RequestServices.GetRequiredService<AdminOptions>().Access.Proxy;
        return !context.Request.Cookies.ContainsKey(SessionCookie.Name) && ProxyIdentityHandler.NameOf(context, proxy) is not null
            ? ProxyIdentityHandler.SchemeName
            : SessionCookie.SchemeName;
    }

    /// <summary>Answers somebody who is signed in, and may not see what he asks for.</summary>
    public static Task RefuseAsync(HttpContext context)
    {
        if (!SignInPaths.IsPage(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        var identity = AdminIdentity.Of(context);
        return FailurePage.WriteAsync(
            context,
            StatusCodes.Status403Forbidden,
            "Not for your role",
            $"{identity.Name} is signed in as {identity.Role.ToString().ToLowerInvariant()}, which may not see this page. " +
            "Ask an admin for a higher role, or sign in with another key.");
    }
}
