using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire;

/// <summary>The secrets of a run as parameters, which the dashboard hides. Their values are those of the runner: files in
/// <c>.airouter/</c>, or the user's options.</summary>
/// <param name="AdminKey">The key of the first admin.</param>
/// <param name="RedisPassword">The password of a store of ours.</param>
/// <param name="RedisConnection">How a store of the user's is reached; null: it is ours.</param>
internal sealed record RunSecrets(
    IResourceBuilder<ParameterResource> AdminKey,
    IResourceBuilder<ParameterResource>? RedisPassword,
    IResourceBuilder<ParameterResource>? RedisConnection)
{
    /// <summary>Adds those that the run needs.</summary>
    public static RunSecrets Add(IDistributedApplicationBuilder builder, RouterTopology topology)
    {
        var isOurs = topology.Backings.Redis != RedisBacking.External;
        return new RunSecrets(
            builder.AddParameter("admin-key", () => topology.Admin.Environment[Wiring.Variables.AdminKey], secret: true),
            isOurs ? builder.AddParameter("redis-password", () => topology.StorePassword, secret: true) : null,
            isOurs ? null : builder.AddParameter("redis-connection", () => topology.RedisConnection, secret: true));
    }
}
