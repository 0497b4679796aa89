namespace AiRouter.Core.Keys;

/// <summary>What is known of a secret that a client sent.</summary>
/// <param name="Key">Whose it is, whether it works or not; null: nobody's.</param>
/// <param name="Standing">Whether it works.</param>
public readonly record struct KeyMatch(ClientKey? Key, KeyStanding Standing)
{
    /// <summary>The key, if it works.</summary>
    public ClientKey? Good => Standing == KeyStanding.Good ? Key : null;
}

/// <summary>Whether a secret works.</summary>
public enum KeyStanding
{
    /// <summary>No key has it.</summary>
    Unknown,

    /// <summary>It works.</summary>
    Good,

    /// <summary>Its key has expired.</summary>
    Expired,

    /// <summary>Its key is switched off.</summary>
    Disabled,

    /// <summary>A rotation has put another in its place, and the time during which both work is over.</summary>
    Replaced,

    /// <summary>It was ended for ever.</summary>
    Revoked,

    /// <summary>The store that holds its key has been away for longer than <c>store.maxStaleHours</c>.</summary>
    Unverified,
}
