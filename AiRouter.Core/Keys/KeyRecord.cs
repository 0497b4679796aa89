using AiRouter.Core.Configuration;

namespace AiRouter.Core.Keys;

/// <summary>
/// A client key in the store: a record of its own, not part of the configuration document (R3). The secret is shown once, when it
/// is made; here is its hash only.
/// </summary>
public sealed record KeyRecord
{
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

    /// <summary>Whose it is.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find and group it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Patterns of public model names; null: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Operations; null: all with a model, none without (R5).</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>When it stops working.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>What it may use at a time.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>What it may spend.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it may use of single models.</summary>
    public IReadOnlyDictionary<string, KeyModelConfig> ModelLimits { get; init; } =
        new Dictionary<string, KeyModelConfig>(StringComparer.Ordinal);

    /// <summary>Who goes first where requests wait for a model: the higher (R37).</summary>
    public int Priority { get; init; }

    /// <summary>Whether the request log keeps bodies.</summary>
    public bool LogBodies { get; init; }

    /// <summary>When it was made, and by whom.</summary>
    public Change Created { get; init; }

    /// <summary>When it was changed last, and by whom.</summary>
    public Change Updated { get; init; }
}

/// <summary>When something was done, and by whom.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">The name of an admin key, or what did it by itself (<c>seed</c>, <c>gitops</c>).</param>
public readonly record struct Change(DateTimeOffset At, string By);
