using AiRouter.Core.Administration;
using Microsoft.AspNetCore.Authentication;

namespace AiRouter.Admin.Authentication;

/// <summary>What endpoints ask of whoever calls them.</summary>
internal static class AdminPolicies
{
    /// <summary>Any admin key.</summary>
    public const string Viewer = "viewer";

    /// <summary>One that may change the configuration and client keys.</summary>
    public const string Editor = "editor";

    /// <summary>One that may change admin keys and credentials, and restore.</summary>
    public const string Admin = "admin";

    /// <summary>One that may read logged bodies, whatever its role.</summary>
    public const string Bodies = "readBodies";

    /// <summary>One who signed in with a browser, with any role.</summary>
    public const string Pages = "pages";

    /// <summary>Adds authentication by admin keys, and the policies.</summary>
    public static IServiceCollection AddAdminAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<FailureThrottle>();
        services.AddSingleton<AdminKeyring>();

        services.AddAuthentication(AdminKeyHandler.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, AdminKeyHandler>(AdminKeyHandler.SchemeName, null)
            .AddCookie(SignIn.Scheme, static cookie =>
            {
                cookie.Cookie.Name = "airouter-admin";
                cookie.Cookie.SameSite = SameSiteMode.Strict;
                cookie.LoginPath = SignIn.Path;
            });
        services.AddAuthorizationBuilder()
            .AddPolicy(Viewer, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Viewer)))
            .AddPolicy(Editor, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Editor)))
            .AddPolicy(Admin, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Admin)))
            .AddPolicy(Pages, static p => p.AddAuthenticationSchemes(SignIn.Scheme)
                .RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Viewer)))
            .AddPolicy(Bodies, static p => p.RequireAssertion(static c => AdminIdentity.MayReadBodies(c.User)));
        return services;
    }
}
