using System.Collections.Frozen;
using System.Collections.Immutable;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration;

/// <summary>
/// The validated configuration that requests are served from: immutable, every name resolved, every secret read. A reload
/// builds a new one off to the side and swaps one reference; requests in flight keep theirs.
/// </summary>
public sealed class RouterModel
{
    /// <summary>What it was made of, environment overrides included.</summary>
    public required RouterConfig Config { get; init; }

    /// <summary>Short hash of the content; equal configurations have equal versions.</summary>
    public required string Version { get; init; }

    /// <summary>By name.</summary>
    public required FrozenDictionary<string, BackendModel> Backends { get; init; }

    /// <summary>Finds the model for a name that a client sent.</summary>
    public required ModelResolver Models { get; init; }

    /// <summary>What is right in the configuration, but hardly meant; told by <c>check</c> and in the log.</summary>
    public IReadOnlyList<ConfigurationProblem> Warnings { get; init; } = [];

    /// <summary>The client keys, by hash.</summary>
    public required ClientKeys Keys { get; init; }
}

/// <summary>
/// A backend with its secrets read. While nothing about it changes, reloads keep the same object: reference equality tells
/// whether what hangs on it (connections, health) can stay.
/// </summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Config">What the user wrote.</param>
/// <param name="Credential">What is sent as its credential.</param>
/// <param name="Headers">Extra headers with secret references replaced by their values.</param>
public sealed record BackendModel(
    string Name, BackendConfig Config, BackendCredential Credential, ImmutableArray<KeyValuePair<string, string>> Headers)
{
    /// <summary>Hash of the files of <see cref="BackendConfig.Tls"/>: another one means that they have to be read again.</summary>
    public string? TlsVersion { get; init; }

    /// <summary>
    /// Somebody else's service (R23): as configured, else one that is asked over HTTP at a host that is a public name or address.
    /// </summary>
    public bool IsExternal => IsSomebodyElses(Config);

    /// <summary>What <see cref="IsExternal"/> goes by.</summary>
    internal static bool IsSomebodyElses(BackendConfig config) =>
        config.External ?? (config.Kind != BackendKind.Triton && !PrivateHost.Is(config.Url.Host));

    /// <summary>Its name: headers and credential are secret.</summary>
    public override string ToString() => Name;
}

/// <summary>What a backend gets as credential (R2).</summary>
/// <param name="Kind">Where it comes from.</param>
/// <param name="Secret">The secret of <see cref="CredentialKind.Own"/>, else null.</param>
public readonly record struct BackendCredential(CredentialKind Kind, string? Secret)
{
    /// <summary>Never shows the secret.</summary>
    public override string ToString() => Kind.ToString();
}

/// <summary>Where a backend's credential comes from (R2).</summary>
public enum CredentialKind
{
    /// <summary>None is sent.</summary>
    None,

    /// <summary>The backend's own, from the configuration.</summary>
    Own,

    /// <summary>The client's, unless it is one of ours.</summary>
    Forward,
}

/// <summary>A public model: a name or pattern of the configuration.</summary>
/// <param name="Name">The configured name or pattern.</param>
/// <param name="Config">What the user wrote.</param>
/// <param name="Targets">Who answers, with backends resolved.</param>
public sealed record RoutedModel(string Name, ModelConfig Config, ImmutableArray<TargetModel> Targets)
{
    /// <summary>Counts the model's tokens; null when the configuration names no tokenizer.</summary>
    public ITokenCounter? Tokenizer { get; init; }
}

/// <summary>A target with its backend resolved.</summary>
/// <param name="Index">Its place in the model's list.</param>
/// <param name="Backend">Who is asked.</param>
/// <param name="Config">What the user wrote.</param>
public sealed record TargetModel(int Index, BackendModel Backend, TargetConfig Config)
{
    /// <summary>The prompt format that the target's configuration, else the model's, names (R21).</summary>
    public IPromptAsset? Format { get; init; }

    /// <summary>The name that the backend is asked for.</summary>
    /// <param name="asked">The model that the target is of, and its public name.</param>
    public string NameFor(ResolvedModel asked) => Config.NameAtBackend(asked.Model.Name, asked.Name);

    /// <summary>The name that the backend is always asked for; null where it hangs on what a client asks for.</summary>
    public string? FixedName => Config.Model is { } name && !name.Contains('*') ? name : null;
}

/// <summary>The answer to "who serves this name?".</summary>
/// <param name="Model">The model.</param>
/// <param name="Name">
/// The public name that answers: what the client asked for, or the default model's name when that one stands in (R10).
/// A target without a model of its own is asked for this name.
/// </param>
/// <param name="IsDefault">The default model stands in for a missing or accepted unknown name.</param>
public sealed record ResolvedModel(RoutedModel Model, string Name, bool IsDefault);
