namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>The resources of a published AiRouter, before a target gives them what only that target knows.</summary>
/// <param name="Api">The router.</param>
/// <param name="Admin">The pages and the management API.</param>
/// <param name="Redis">The store; null: somebody else's.</param>
/// <param name="Triton">NVIDIA's container; null: a simulator, or somebody else's Triton.</param>
/// <param name="Simulator">The simulated Triton, if that was asked for.</param>
/// <param name="Secrets">What has to be given when it is deployed.</param>
internal sealed record PublishedRouter(
    IResourceBuilder<ProjectResource> Api,
    IResourceBuilder<ProjectResource> Admin,
    IResourceBuilder<RedisResource>? Redis,
    IResourceBuilder<ContainerResource>? Triton,
    IResourceBuilder<ProjectResource>? Simulator,
    PublishedSecrets Secrets)
{
    /// <summary>Where the store is, as StackExchange.Redis writes it.</summary>
    public ReferenceExpression StoreConnection => Redis is null
        ? ReferenceExpression.Create($"{Secrets.RedisConnection!.Resource}")
        : Redis.Resource.ConnectionStringExpression;
}
