namespace AiRouter.Core.Configuration;

/// <summary>The configuration document of AiRouter, as the user wrote it: YAML in a file, JSON over the network.</summary>
/// <remarks>Immutable. What requests are served from is <see cref="RouterModel"/>.</remarks>
public sealed record RouterConfig
{
    /// <summary>Servers that answer requests, by the name that targets refer to.</summary>
    public IReadOnlyDictionary<string, BackendConfig> Backends { get; init; } =
        new Dictionary<string, BackendConfig>(StringComparer.Ordinal);

    /// <summary>Public model names, or patterns with <c>*</c>, that clients ask for.</summary>
    public IReadOnlyDictionary<string, ModelConfig> Models { get; init; } =
        new Dictionary<string, ModelConfig>(StringComparer.Ordinal);

    /// <summary>Which model answers when a client names none, or one that only OpenAI has.</summary>
    public DefaultsConfig Defaults { get; init; } = new();

    /// <summary>Client keys declared in the file (hash only).</summary>
    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];

    /// <summary>Limits for everything together, and what all limits have in common.</summary>
    public GlobalLimitsConfig Limits { get; init; } = new();

    /// <summary>What is remembered of requests.</summary>
    public MeteringConfig Metering { get; init; } = new();

    /// <summary>What holds where the configuration is kept in a store.</summary>
    public StoreConfig Store { get; init; } = new();

    /// <summary>The listener, its limits and who may use it.</summary>
    public ServerConfig Server { get; init; } = new();
}
