using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Stores;

/// <summary>The gateway to the store.</summary>
public static class StoreServices
{
    /// <summary>
    /// Adds <see cref="IStore"/>, connected when the host starts. The host does not wait longer than about 3 s for a store that is
    /// away. Needs logging, and <see cref="TimeProvider"/>.
    /// </summary>
    public static IServiceCollection AddStore(this IServiceCollection services, RedisStoreOptions options) => services
        .AddSingleton(options)
        .AddSingleton<RedisStore>()
        .AddSingleton<IStore>(static provider => provider.GetRequiredService<RedisStore>())
        .AddHostedService(static provider => provider.GetRequiredService<RedisStore>());
}
