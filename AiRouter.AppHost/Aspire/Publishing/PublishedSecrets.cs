namespace AiRouter.AppHost.Aspire.Publishing;

/// <summary>The secrets that a published AiRouter needs. Nothing that is published has their values.</summary>
/// <param name="AdminKey">The key of the first admin.</param>
/// <param name="EncryptionKey">What credentials in the store are encrypted with: 32 bytes in base64.</param>
/// <param name="RedisPassword">The password of the Redis that is published too; null: that is somebody else's.</param>
/// <param name="RedisConnection">Somebody else's Redis, password included; null: there is our own.</param>
internal sealed record PublishedSecrets(
    IResourceBuilder<ParameterResource> AdminKey,
    IResourceBuilder<ParameterResource> EncryptionKey,
    IResourceBuilder<ParameterResource>? RedisPassword,
    IResourceBuilder<ParameterResource>? RedisConnection);
