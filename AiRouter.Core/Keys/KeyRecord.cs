using System.Text.Json.Serialization;
using AiRouter.Core.Configuration;

namespace AiRouter.Core.Keys;

/// <summary>
/// A client key in the store: a record of its own, not part of the configuration document (R3). The secret is shown once, when it
/// is made; here is its hash only.
/// </summary>
public sealed record KeyRecord : KeyTerms
{
    /// <summary>One with the defaults.</summary>
    public KeyRecord()
    {
    }

    /// <summary>One with these terms.</summary>
    public KeyRecord(KeyTerms terms)
        : base(terms)
    {
    }

    /// <summary>Names it for ever: <c>key_</c> and 16 random base32 digits.</summary>
    public required string Id { get; init; }

    /// <summary>Grows by one with each change of the record; what If-Match compares.</summary>
    public long Version { get; init; }

    /// <summary>Shown in logs and metrics; unique among the records.</summary>
    public required string Name { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The first characters of the secret, to recognise it by.</summary>
    public required string Prefix { get; init; }

    /// <summary>The hash before the last rotation, while it still works.</summary>
    public string? PreviousHash { get; init; }

    /// <summary>Until when it does.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>When it was made, and by whom.</summary>
    [JsonPropertyOrder(1)]
    public Change Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    [JsonPropertyOrder(1)]
    public Change Updated { get; init; }
}

/// <summary>When something was done, and by whom.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">The name of an admin key, or what did it by itself (<c>seed</c>, <c>gitops</c>).</param>
public readonly record struct Change(DateTimeOffset At, string By);
