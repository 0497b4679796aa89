using AiRouter.Core.Stores;
using AiRouter.Core.Stores.Replicas;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiRouter.Core.Metering;

/// <summary>Registers metering.</summary>
public static class MeteringServices
{
    /// <summary>
    /// Adds <see cref="UsageMeter"/>, which writes to the store while the host runs, and <see cref="IUsageStore"/>. Call it after the
    /// store was added, and only then: without one nothing is kept.
    /// </summary>
    public static IServiceCollection AddMetering(this IServiceCollection services)
    {
        services.TryAddSingleton(s => ReplicaIdentity.Create(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<UsageMeter>();
        services.AddSingleton<IReplicaReportSource, MeteringReport>();
        services.AddSingleton<MeteringWriter>();
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<MeteringWriter>());
        return services.AddUsageStore();
    }

    /// <summary>Adds <see cref="IUsageStore"/> alone, for a process that answers no requests.</summary>
    public static IServiceCollection AddUsageStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IUsageStore, UsageStore>();
        return services;
    }
}
