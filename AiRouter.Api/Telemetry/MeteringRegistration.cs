using AiRouter.Core.Metering;
using AiRouter.Core.Stores;

namespace AiRouter.Api.Telemetry;

/// <summary>Metering, where there is a store to keep it in.</summary>
internal static class MeteringRegistration
{
    /// <summary>Adds metering if a store was added before; else it is said once that nothing is kept.</summary>
    public static IServiceCollection AddMeteringWhereStored(this IServiceCollection services) =>
        services.Any(s => s.ServiceType == typeof(IStore))
            ? services.AddMetering()
            : services.AddHostedService<UnmeteredNotice>();
}
