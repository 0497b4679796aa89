using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AiRouter.Core.Keys;

/// <summary>Registers client keys.</summary>
public static class KeyServices
{
    /// <summary>Adds <see cref="IKeyStore"/>, over the <see cref="IStore"/> that must be there too.</summary>
    public static IServiceCollection AddKeyStore(this IServiceCollection services) =>
        services.AddSingleton<IKeyStore, KeyStore>();

    /// <summary>
    /// Adds <see cref="KeyDirectory"/>, which follows <see cref="IRouterConfiguration"/> and, where there is one, <see cref="IKeyStore"/>.
    /// </summary>
    public static IServiceCollection AddKeyDirectory(this IServiceCollection services) => services
        .AddSingleton(s => new KeyDirectory(
            s.GetRequiredService<IRouterConfiguration>(), s.GetService<IStore>(), s.GetService<IKeyStore>(),
            s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<KeyDirectory>>()))
        .AddSingleton<IHostedService>(s => s.GetRequiredService<KeyDirectory>());
}
