using AiRouter.Core.Keys;

namespace AiRouter.Core.Configuration.Explaining;

/// <summary>What would happen if a client asked for this?</summary>
/// <param name="Name">The model that the request names; null or empty: it names none.</param>
/// <param name="Operation">What is asked of it (<see cref="Operations"/>).</param>
public sealed record ModelQuestion(string? Name, string Operation)
{
    /// <summary>The key that the client has; null: one that may do everything and has no limits.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>Whether the key works.</summary>
    public KeyStanding Standing { get; init; } = KeyStanding.Good;
}
