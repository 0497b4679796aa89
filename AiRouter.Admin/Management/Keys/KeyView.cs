using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Admin.Management.Keys;

/// <summary>A client key as answers show it: neither its secret nor its hash.</summary>
public record KeyView : KeyTerms, IVersioned
{
    /// <summary>One with the defaults.</summary>
    public KeyView()
    {
    }

    /// <summary>One with these terms.</summary>
    public KeyView(KeyTerms terms)
        : base(terms)
    {
    }

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

    /// <summary>When it was made, and by whom.</summary>
    [JsonPropertyOrder(1)]
    public Change? Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    [JsonPropertyOrder(1)]
    public Change? Updated { get; init; }
}

/// <summary>A client key with its secret: the one answer that has it.</summary>
public sealed record KeyWithSecret : KeyView
{
    /// <summary>One whose members are all to be set.</summary>
    public KeyWithSecret()
    {
    }

    /// <summary>A key with its secret, which was made just now.</summary>
    [SetsRequiredMembers]
    public KeyWithSecret(KeyView key, string secret)
        : base(key) => Key = secret;

    /// <summary>The secret. It is not stored, and never shown again.</summary>
    public required string Key { get; init; }
}

/// <summary>All keys of a moment.</summary>
/// <param name="Stored">Those of the store, as they are stored: what to go on from when the list is read again.</param>
/// <param name="Keys">All, as they are shown.</param>
internal sealed record KeyList(KeySnapshot Stored, IReadOnlyList<KeyView> Keys);

/// <summary>Where a key is kept.</summary>
public enum KeySource
{
    /// <summary>In the store: made here.</summary>
    Store,

    /// <summary>In the configuration document.</summary>
    Configuration,
}

/// <summary>Whether a key works.</summary>
public enum KeyStatus
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
