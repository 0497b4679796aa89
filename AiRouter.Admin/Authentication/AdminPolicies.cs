using AiRouter.Admin.Authentication.Sessions;
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

    private const string Chosen = "Chosen";

    /// <summary>Adds authentication by admin keys, the sessions of people, and the policies.</summary>
    public static IServiceCollection AddAdminAuthentication(this IServiceCollection services, AccessOptions access)
    {
        services.AddSingleton<FailureThrottle>();
        services.AddSingleton<AdminKeyring>();
        var authentication = services.AddAuthentication(Chosen)
            .AddPolicyScheme(Chosen, null, static options => options.ForwardDefaultSelector = SessionServices.SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, AdminKeyHandler>(AdminKeyHandler.SchemeName, null);
        services.AddSessions(authentication, access);
        services.AddAuthorizationBuilder()
            .AddPolicy(Viewer, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Viewer)))
            .AddPolicy(Editor, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Editor)))
            .AddPolicy(Admin, static p => p.RequireAssertion(static c => AdminIdentity.HasRole(c.User, AdminRole.Admin)))
            .AddPolicy(Pages, static p => p.RequireAssertion(static c => UserSession.Of(c.User) is not null))
            .AddPolicy(Bodies, static p => p.RequireAssertion(static c => AdminIdentity.MayReadBodies(c.User)));
        return services;
    }
}
