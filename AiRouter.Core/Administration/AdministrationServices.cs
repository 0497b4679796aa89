using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Administration;

/// <summary>Registers what the management API keeps for itself.</summary>
public static class AdministrationServices
{
    /// <summary>Adds the admin keys and what sessions share; <see cref="Stores.IStore"/> must be there.</summary>
    public static IServiceCollection AddAdministration(this IServiceCollection services) => services
        .AddSingleton<AdminKeyStore>()
        .AddSingleton<SessionStore>();
}
