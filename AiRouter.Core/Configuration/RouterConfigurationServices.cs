using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiRouter.Core.Configuration;

/// <summary>Registers the configuration.</summary>
public static class RouterConfigurationServices
{
    /// <summary>
    /// Adds <see cref="IRouterConfiguration"/>, kept up to date while the host runs, and <see cref="AuthenticationLatch"/>.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="source">Where the configuration comes from.</param>
    /// <param name="first">
    /// What <see cref="RouterConfigurationLoader.Load"/> gave, when that was asked before; else it is loaded when the host
    /// starts, which then throws <see cref="InvalidConfigurationException"/> if anything is wrong.
    /// </param>
    public static IServiceCollection AddRouterConfiguration(
        this IServiceCollection services, RouterConfigurationSource source, ConfigurationLoad? first = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(source);
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<AuthenticationLatch>(s, source));
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<LiveRouterConfiguration>(
            s, source, first ?? RouterConfigurationLoader.Load(source)));
        services.AddSingleton<IRouterConfiguration>(s => s.GetRequiredService<LiveRouterConfiguration>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<LiveRouterConfiguration>());
        return services;
    }
}
