using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>What holds where configuration and keys are kept in a store (Redis or the embedded one).</summary>
public sealed record StoreConfig
{
    /// <summary>Whether the management API and the admin pages may change the configuration (R35).</summary>
    public StoreMode Mode { get; init; } = StoreMode.ReadWrite;

    /// <summary>Hours that a router serves keys from its own copy while the store is away, 0.1 to 8760 (R36).</summary>
    [Range(0.1, 8760)]
    public double MaxStaleHours { get; init; } = 24;
}

/// <summary>Whether the configuration in the store may be changed (R35).</summary>
public enum StoreMode
{
    /// <summary>By whoever has the role.</summary>
    ReadWrite,

    /// <summary>Only where the document comes from; keys can be changed all the same.</summary>
    ReadOnly,
}
