using AiRouter.AppHost.Topology;

namespace AiRouter.AppHost.Aspire;

/// <summary>The secrets of a run as parameters, which the dashboard hides. Their values are those of the runner: files in
/// <c>.airouter/</c>, or the user's options.</summary>
/// <param name="AdminKey">The key of the first admin.</param>
/// <param name="EncryptionKey">What credentials in the store are encrypted with; null: that is the user's business.</param>
/// <param name="RedisPassword">The password of a store of ours.</param>
/// <param name="RedisConnection">How a store of the user's is reached; null: it is ours.</param>
internal sealed record RunSecrets(
    IResourceBuilder<ParameterResource> AdminKey,
    IResourceBuilder<ParameterResource>? EncryptionKey,
    IResourceBuilder<ParameterResource>? RedisPassword,
    IResourceBuilder<ParameterResource>? RedisConnection)
{
    /// <summary>Adds those that the run needs.</summary>
    public static RunSecrets Add(IDistributedApplicationBuilder builder, RouterTopology topology)
    {
        var isOurs = topology.Backings.Redis != RedisBacking.External;
        return new RunSecrets(
            builder.AddParameter("admin-key", () => topology.Admin.Environment[Wiring.Variables.AdminKey], secret: true),
            topology.Admin.Environment.TryGetValue(Wiring.Variables.EncryptionKey, out var key)
                ? builder.AddParameter("encryption-key", () => key, secret: true)
                : null,
            isOurs ? builder.AddParameter("redis-password", () => topology.StorePassword, secret: true) : null,
            isOurs ? null : builder.AddParameter("redis-connection", () => topology.RedisConnection, secret: true));
    }

    /// <summary>Gives a process what it may decrypt credentials with.</summary>
    public IResourceBuilder<ProjectResource> WithEncryptionKey(IResourceBuilder<ProjectResource> process) =>
        EncryptionKey is null ? process : process.WithEnvironment(Wiring.Variables.EncryptionKey, EncryptionKey);
}
