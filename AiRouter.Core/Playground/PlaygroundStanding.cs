namespace AiRouter.Core.Playground;

/// <summary>What a router found of a playground token.</summary>
/// <param name="Standing">Whether it works.</param>
/// <param name="Grant">What it says; null unless it works.</param>
public readonly record struct PlaygroundCheck(PlaygroundStanding Standing, PlaygroundGrant? Grant = null);

/// <summary>Whether a playground token works.</summary>
public enum PlaygroundStanding
{
    /// <summary>It was not made by this installation's Admin, or was changed since.</summary>
    Forged,

    /// <summary>It works.</summary>
    Good,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>Its time has not come: the clocks differ.</summary>
    Early,

    /// <summary>The store has what it is checked with encrypted, under a key that is not this process's.</summary>
    Unreadable,

    /// <summary>The store has what it is checked with, and is away.</summary>
    Unavailable,
}
