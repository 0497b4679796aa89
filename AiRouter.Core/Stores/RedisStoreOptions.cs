namespace AiRouter.Core.Stores;

/// <summary>Where the store is.</summary>
public sealed record RedisStoreOptions
{
    /// <summary>
    /// StackExchange.Redis's connection string (<c>ConnectionStrings__redis</c>): addresses, <c>password</c>, <c>user</c>, <c>ssl</c>,
    /// <c>serviceName</c> (Sentinel), and the like.
    /// </summary>
    public required string ConnectionString { get; init; }

    /// <summary>The hash tag in front of every key (<c>AIROUTER_STORE_PREFIX</c>): installations that share a Redis need one each.</summary>
    public string Prefix { get; init; } = "airouter";

    /// <summary>
    /// A file (PEM) with the certificate of an authority of your own that has signed the store's (<c>AIROUTER_STORE_CA_FILE</c>); null: those
    /// that the machine trusts.
    /// </summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>The name of this process on its connections.</summary>
    public string ClientName { get; init; } = "airouter";

    /// <summary>Without the connection string, which has a password.</summary>
    public override string ToString() => $"the store of {ClientName}";

    /// <summary>The store that the environment describes; null: none.</summary>
    public static RedisStoreOptions? FromEnvironment(IReadOnlyDictionary<string, string> variables, string clientName) =>
        variables.GetValueOrDefault("ConnectionStrings__redis") is { Length: > 0 } connection
            ? new RedisStoreOptions
            {
                ConnectionString = connection,
                Prefix = variables.GetValueOrDefault("AIROUTER_STORE_PREFIX") is { Length: > 0 } prefix ? prefix : "airouter",
                CertificateAuthorityFile = variables.GetValueOrDefault("AIROUTER_STORE_CA_FILE") is { Length: > 0 } file ? file : null,
                ClientName = clientName,
            }
            : null;
}
