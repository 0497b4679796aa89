using AiRouter.Api.Health.Probes;
using AiRouter.Core.Health;
using AiRouter.Core.Stores.Replicas;

namespace AiRouter.Api.Health;

/// <summary>What is known of targets, told to those who look.</summary>
internal static class HealthServices
{
    /// <summary>Adds what requests need, and what tells of it.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<HealthNotices>()
        .AddSingleton<TargetReports>()
        .AddSingleton<IHealthSource>(static s => s.GetRequiredService<TargetReports>())
        .AddSingleton<IReplicaReportSource>(static s => s.GetRequiredService<TargetReports>());

    /// <summary>Adds what a router does beside its requests: it asks its backends how they are, and shows it.</summary>
    public static IServiceCollection AddProbes(this IServiceCollection services) => services
        .AddHostedService<HealthMetrics>()
        .AddHostedService<HealthProber>();
}
