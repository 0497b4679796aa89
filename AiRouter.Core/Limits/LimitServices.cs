using Microsoft.Extensions.DependencyInjection;

namespace AiRouter.Core.Limits;

/// <summary>Registers what counts limits.</summary>
public static class LimitServices
{
    /// <summary>Adds <see cref="ILimitLedger"/> and <see cref="MemoryLimitLedger"/>.</summary>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<MemoryLimitLedger>();
        services.AddSingleton<ILimitLedger>(provider => provider.GetRequiredService<MemoryLimitLedger>());
        return services;
    }
}
