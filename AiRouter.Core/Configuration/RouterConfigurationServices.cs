using AiRouter.Core.Configuration.Loading;
using AiRouter.Core.Configuration.Stored;
using AiRouter.Core.Health;
using AiRouter.Core.Keys;
using AiRouter.Core.Snapshots;
using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
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
        services.AddLiveConfiguration(source);
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<LiveRouterConfiguration>(s, source, new FileDocument(source))
            .Begin(first ?? RouterConfigurationLoader.Load(source)));
        return services;
    }

    /// <summary>
    /// Adds <see cref="IRouterConfiguration"/> as the store has it, kept up to date while the host runs: the file seeds the store, or
    /// rules it (<see cref="RouterConfigurationSource.Mode"/>, or <c>store.mode: readOnly</c> in the file). <see cref="IStore"/> must
    /// have been added before, and <see cref="KeyDirectory"/> be added too. Nothing that is wrong keeps the host from starting: the router serves what it has, or 503.
    /// </summary>
    public static IServiceCollection AddStoredRouterConfiguration(this IServiceCollection services, RouterConfigurationSource source)
    {
        services.AddConfigurationStore();
        services.AddSingleton<StoreSnapshot>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<StoreSnapshot>());
        services.AddSingleton<KeyCopy>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<KeyCopy>());
        services.AddSingleton<StoreSyncSignal>();
        var rules = Rules(source);
        if (rules)
        {
            services.AddSingleton<RulingFile>();
            services.AddSingleton<IStoreDocument>(s => s.GetRequiredService<RulingFile>());
        }
        else
        {
            services.AddSingleton<ConfigurationSeed>();
            services.AddSingleton<StoredDocument>();
            services.AddSingleton<IStoreDocument>(s => s.GetRequiredService<StoredDocument>());
        }

        services.AddSingleton<IStoreSync>(s => s.GetRequiredService<IStoreDocument>());
        services.AddSingleton<IStoreSync, LatchSync>();
        services.AddSingleton<IStoreSync>(s => s.GetRequiredService<KeyCopy>());
        if (!rules)
        {
            services.AddSingleton<IStoreSync, FileDrift>();
        }

        services.AddSingleton<IHostedService, StoreSyncLoop>();
        services.AddLiveConfiguration(source);
        services.AddSingleton(s =>
        {
            s.GetRequiredService<AuthenticationLatch>().AwaitStore();
            return ActivatorUtilities.CreateInstance<LiveRouterConfiguration>(s, source, s.GetRequiredService<IStoreDocument>());
        });
        services.AddReplicas("api");
        services.AddSingleton<StoredConfigurationReport>();
        services.AddSingleton<IHealthSource>(s => s.GetRequiredService<StoredConfigurationReport>());
        services.AddSingleton<IReplicaReportSource>(s => s.GetRequiredService<StoredConfigurationReport>());
        services.AddSingleton<IReplicaReportSource>(s => s.GetRequiredService<KeyCopy>());
        return services;
    }

    // The file itself may say so: "changed only where the document comes from".
    private static bool Rules(RouterConfigurationSource source) => source.Mode == ConfigurationMode.GitOps ||
        RouterConfigurationLoader.Load(source with { Assets = null }).Document?.Store.Mode == StoreMode.ReadOnly;

    private static void AddLiveConfiguration(this IServiceCollection services, RouterConfigurationSource source)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(source);
        services.AddSingleton(s => ActivatorUtilities.CreateInstance<AuthenticationLatch>(s, source));
        services.AddSingleton<IRouterConfiguration>(s => s.GetRequiredService<LiveRouterConfiguration>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<LiveRouterConfiguration>());
    }
}
