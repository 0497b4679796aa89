using AiRouter.Core.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Configuration.Stored;

/// <summary>Registers the configuration in the store.</summary>
public static class ConfigurationStoreServices
{
    /// <summary>Adds <see cref="IConfigurationStore"/>; <see cref="IStore"/> must be there.</summary>
    public static IServiceCollection AddConfigurationStore(this IServiceCollection services) =>
        services.AddSingleton<IConfigurationStore, ConfigurationStore>();
}
