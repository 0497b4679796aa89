using System.Diagnostics.Metrics;
using AiRouter.Core.Metering;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Telemetry;

/// <summary>Metering and measuring, where there is a store.</summary>
internal static class MeteringRegistration
{
    /// <summary>Adds metering if a store was added before; else it is said once that nothing is kept.</summary>
    public static IServiceCollection AddMeteringWhereStored(this IServiceCollection services) =>
        services.Any(s => s.ServiceType == typeof(IStore))
            ? services.AddMetering()
            : services.AddHostedService<UnmeteredNotice>();

    /// <summary>Puts a clock on the store, if one was added before.</summary>
    public static IServiceCollection MeasureStore(this IServiceCollection services)
    {
        if (services.LastOrDefault(s => s.ServiceType == typeof(IStore)) is not { ImplementationFactory: { } factory })
        {
            return services;
        }

        return services.AddSingleton<IStore>(s => new MeasuredStore(
            (IStore)factory(s), s.GetRequiredService<IMeterFactory>(), s.GetRequiredService<TimeProvider>()));
    }
}
