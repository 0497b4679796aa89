using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace AiRouter.Core.Stores.Replicas;

/// <summary>Registers what processes say about themselves.</summary>
public static class ReplicaServices
{
    /// <summary>
    /// Adds <see cref="IReplicaDirectory"/>, and reports this process every second, with what every registered
    /// <see cref="IReplicaReportSource"/> has to say. <see cref="IStore"/> must be there.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="role"><c>api</c> or <c>admin</c>.</param>
    public static IServiceCollection AddReplicas(this IServiceCollection services, string role)
    {
        services.TryAddSingleton(s => ReplicaIdentity.Create(s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ReplicaDirectory>();
        services.AddSingleton<IReplicaDirectory>(s => s.GetRequiredService<ReplicaDirectory>());
        services.AddSingleton<IHostedService>(s => ActivatorUtilities.CreateInstance<ReplicaReporter>(s, role));
        return services;
    }
}
