using AiRouter.Admin.Authentication;
using AiRouter.Admin.Authentication.Sessions;
using AiRouter.Admin.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Radzen;

namespace AiRouter.Admin.Session;

/// <summary>The pages: Blazor, interactive on the server, for those who are signed in.</summary>
internal static class PageServices
{
    /// <summary>Adds them.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents(CircuitLimits.Set)
            .AddHubOptions(CircuitLimits.Set);
        services.AddRadzenComponents();
        services.AddCascadingAuthenticationState();
        services.AddScoped<CircuitSession>();
        services.AddScoped<AuthenticationStateProvider>(static p => p.GetRequiredService<CircuitSession>());
        services.AddScoped<AdminSession>();
        services.AddSingleton<OpenCircuits>();
        services.AddSingleton<CircuitHandler>(static p => p.GetRequiredService<OpenCircuits>());
        return services;
    }

    /// <summary>Maps them, what they are made of, and signing in and out.</summary>
    public static void MapPages(this WebApplication app)
    {
        app.MapStaticAssets(AdminHost.StaticAssets).AllowAnonymous();
        app.MapSessions();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode().RequireAuthorization(AdminPolicies.Pages);
    }
}
