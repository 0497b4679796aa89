using AiRouter.AppHost.Health;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiRouter.AppHost.Aspire;

/// <summary>Adds the resource <c>redis</c> where it is ours to start, and who waits for it.</summary>
internal static class StoreResource
{
    /// <summary>The embedded store; null: the user has one.</summary>
    public static IResourceBuilder<ProjectResource>? AddStore(this IDistributedApplicationBuilder builder, RouterTopology topology)
    {
        if (topology.Store is not { } process)
        {
            return null;
        }

        const string Key = "redis-ping";
        builder.Services.AddHealthChecks().AddAsyncCheck(
            Key,
            async cancellationToken => await HealthProbe.IsStoreReadyAsync(process.Endpoint, cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The store at {process.Endpoint} does not answer."));
        return builder.AddProcess<Projects.AiRouter_EmbeddedRedis>(process).WithHealthCheck(Key);
    }

    /// <summary>Lets a resource wait for the store, if that is ours.</summary>
    public static IResourceBuilder<ProjectResource> WithStore(
        this IResourceBuilder<ProjectResource> resource, IResourceBuilder<ProjectResource>? store) =>
        store is null ? resource : resource.WaitFor(store);
}
