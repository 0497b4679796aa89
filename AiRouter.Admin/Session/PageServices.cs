using AiRouter.Admin.Authentication;
using AiRouter.Admin.Components;
using Radzen;

namespace AiRouter.Admin.Session;

/// <summary>The pages: Blazor, interactive on the server, for those who are signed in.</summary>
internal static class PageServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<AdminSession>();
        return services;
    }

    /// <summary>Maps them, what they are made of, and signing in and out.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets(AdminHost.StaticAssets).AllowAnonymous();
        app.MapSignIn();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(AdminPolicies.Pages);
    }
}
