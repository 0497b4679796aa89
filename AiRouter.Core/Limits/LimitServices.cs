using AiRouter.Core.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Limits;

/// <summary>Registers what counts limits.</summary>
public static class LimitServices
{
    /// <summary>
    /// Adds <see cref="ILimitLedger"/>: in the store, if there is one, or else in memory.
    /// <see cref="MemoryLimitLedger"/> is there in any case: while the store is away a replica goes on with its share.
    /// </summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<MemoryLimitLedger>();
        services.AddSingleton<ILimitLedger>(provider => provider.GetService<IStore>() is { } store
            ? new StoreLimitLedger(store)
            : provider.GetRequiredService<MemoryLimitLedger>());
        return services;
    }
}
