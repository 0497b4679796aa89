using System.Net;
using AiRouter.AppHost.Health;
using AiRouter.AppHost.Topology;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AiRouter.AppHost.Aspire;

/// <summary>The resource <c>redis</c>, whatever backs it. Who depends on it does not see the difference.</summary>
/// <param name="Backing">What Aspire shows and watches.</param>
/// <param name="Connection">How it is reached, as StackExchange.Redis writes it.</param>
/// <param name="IsOurs">Whether this run starts it, so that others can wait for it.</param>
internal sealed record StoreResource(IResourceBuilder<IResource> Backing, ReferenceExpression Connection, bool IsOurs);

/// <summary>Adds the resource <c>redis</c>, and what depends on it.</summary>
internal static class StoreResources
{
    /// <summary>Adds the store as the topology says.</summary>
    public static StoreResource AddStore(
        this IDistributedApplicationBuilder builder, RouterTopology topology, RunSecrets secrets) => topology.Backings.Redis switch
        {
            RedisBacking.Embedded => builder.AddEmbeddedStore(topology.Store!, secrets),
            RedisBacking.Container => builder.AddRedisContainer(topology.StorePort, secrets),
            _ => builder.AddExternalRedis(secrets),
        };

    /// <summary>Tells a resource where the store is, and to wait for it where it is ours to start. Nothing of ours needs somebody
    /// else's to be there when it starts.</summary>
    public static IResourceBuilder<ProjectResource> WithStore(
        this IResourceBuilder<ProjectResource> resource, StoreResource store)
    {
        resource.WithEnvironment(Wiring.Variables.Redis, store.Connection).WithReferenceRelationship(store.Backing);
        return store.IsOurs ? resource.WaitFor(store.Backing) : resource;
    }

    private static StoreResource AddEmbeddedStore(
        this IDistributedApplicationBuilder builder, ResourceProcess process, RunSecrets secrets)
    {
        const string Key = "redis-ping";
        builder.Services.AddHealthChecks().AddAsyncCheck(
            Key,
            async cancellationToken => await HealthProbe.IsStoreReadyAsync(process.Endpoint, cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy($"The store at {process.Endpoint} does not answer."));
        var store = builder.AddProcess<Projects.AiRouter_EmbeddedRedis>(process)
            .WithEnvironment(Wiring.Variables.EmbeddedStorePassword, secrets.RedisPassword!)
            .WithHealthCheck(Key);
        var address = $"{process.Endpoint.Host}:{process.Endpoint.Port}";
        return new StoreResource(
            store, ReferenceExpression.Create($"{address},password={secrets.RedisPassword!.Resource}"), IsOurs: true);
    }

    private static StoreResource AddRedisContainer(this IDistributedApplicationBuilder builder, int port, RunSecrets secrets)
    {
        var redis = builder.AddRedis(Wiring.Resources.Redis, port, secrets.RedisPassword)

            // The volume has the checkout's name and its path's hash in it. At most a second is lost (R34), and nothing is evicted.
            .WithDataVolume()
            .WithArgs("--appendonly", "yes", "--maxmemory-policy", "noeviction")
            .WithLifetime(ContainerLifetime.Persistent)

            // On loopback alone.
            .WithEndpoint(Wiring.Endpoints.Tcp, static endpoint => endpoint.TargetHost = IPAddress.Loopback.ToString());

        // A developer certificate would be used where there is one. It names localhost, and not every client of this machine trusts it.
#pragma warning disable ASPIRECERTIFICATES001
        redis.WithoutHttpsCertificate();
#pragma warning restore ASPIRECERTIFICATES001
        return new StoreResource(redis, redis.Resource.ConnectionStringExpression, IsOurs: true);
    }

    private static StoreResource AddExternalRedis(this IDistributedApplicationBuilder builder, RunSecrets secrets)
    {
        var redis = builder.AddConnectionString(
            Wiring.Resources.Redis, ReferenceExpression.Create($"{secrets.RedisConnection!.Resource}"));
        return new StoreResource(redis, redis.Resource.ConnectionStringExpression, IsOurs: false);
    }
}
