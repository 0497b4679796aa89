using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>A client key as answers show it: neither its secret nor its hash.</summary>
internal record KeyView
{
    /// <summary>Names it for ever; of one that the configuration declares <c>file:NAME</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its version; what If-Match compares. 0: the configuration declares it, and it is changed there.</summary>
    public required long Version { get; init; }

    /// <summary>Where it is kept.</summary>
    public required KeySource Source { get; init; }

    /// <summary>Whether it works now.</summary>
    public required KeyStatus Status { get; init; }

    /// <summary>How its secret begins; absent for one of the configuration.</summary>
    public string? Prefix { get; init; }

    /// <summary>Until when the secret before the last rotation works too.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <inheritdoc cref="KeySettings.Name"/>
    public required string Name { get; init; }

    /// <inheritdoc cref="KeySettings.Owner"/>
    public string? Owner { get; init; }

    /// <inheritdoc cref="KeySettings.Tags"/>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <inheritdoc cref="KeySettings.Models"/>
    public IReadOnlyList<string>? Models { get; init; }

    /// <inheritdoc cref="KeySettings.Operations"/>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <inheritdoc cref="KeySettings.Expires"/>
    public DateTimeOffset? Expires { get; init; }

    /// <inheritdoc cref="KeySettings.Disabled"/>
    public bool Disabled { get; init; }

    /// <inheritdoc cref="KeySettings.Limits"/>
    public LimitsConfig Limits { get; init; } = new();

    /// <inheritdoc cref="KeySettings.Budget"/>
    public BudgetConfig? Budget { get; init; }

    /// <inheritdoc cref="KeySettings.ModelLimits"/>
    public IReadOnlyDictionary<string, KeyModelConfig> ModelLimits { get; init; } = new Dictionary<string, KeyModelConfig>();

    /// <inheritdoc cref="KeySettings.Priority"/>
    public int Priority { get; init; }

    /// <inheritdoc cref="KeySettings.LogBodies"/>
    public bool LogBodies { get; init; }

    /// <summary>When it was made, and by whom.</summary>
    public Change? Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    public Change? Updated { get; init; }
}

/// <summary>A client key with its secret: the one answer that has it.</summary>
internal sealed record KeyWithSecret : KeyView
{
    /// <summary>The secret. It is not stored, and never shown again.</summary>
    public required string Key { get; init; }
}

/// <summary>Where a key is kept.</summary>
internal enum KeySource
{
    /// <summary>In the store: made here.</summary>
    Store,

    /// <summary>In the configuration document.</summary>
    Configuration,
}

/// <summary>Whether a key works.</summary>
internal enum KeyStatus
{
    /// <summary>It does.</summary>
    Active,

    /// <summary>Switched off.</summary>
    Disabled,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Revoked, although the configuration declares it.</summary>
    Revoked,
}
