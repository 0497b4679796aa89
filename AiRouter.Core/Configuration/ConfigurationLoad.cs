using AiRouter.Core.Configuration.Loading;

namespace AiRouter.Core.Configuration;

/// <summary>What came of loading a configuration: a model, or problems.</summary>
public sealed class ConfigurationLoad
{
    /// <summary>What requests can be served from; null when there are problems.</summary>
    public RouterModel? Model { get; init; }

    /// <summary>Everything that is wrong; empty when all is well.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; init; } = [];

    /// <summary>The document alone, without what the environment lays over it; null when it could not be read at all.</summary>
    public RouterConfig? Document { get; init; }

    /// <summary>What the environment lays over it.</summary>
    public IReadOnlyList<ConfigurationLock> Locks { get; init; } = [];

    /// <summary>The content that it was made of, to tell whether anything has changed since.</summary>
    internal ContentFingerprint Fingerprint { get; init; } = ContentFingerprint.Empty;
}
