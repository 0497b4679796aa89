using System.ComponentModel.DataAnnotations;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration;

/// <summary>A client key declared in the file (R3): who it is and what it may use, never the secret.</summary>
public sealed record KeyConfig
{
    /// <summary>The lowest <see cref="Priority"/>.</summary>
    public const int LowestPriority = -10;

    /// <summary>The highest <see cref="Priority"/>.</summary>
    public const int HighestPriority = 10;

    /// <summary>Shown in logs and metrics; unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits of the secret's UTF-8 bytes (see <c>hash-key</c>).</summary>
    [RegularExpression(
        "sha256:[0-9a-fA-F]{64}",
        ErrorMessage = "must be sha256: and 64 hexadecimal digits (the command hash-key makes them)")]
    public required string Hash { get; init; }

    /// <summary>Patterns of public model names that it may use; absent: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Operations that it may use; absent: all operations with a model, none without (R5).</summary>
    [OperationNames(WithoutModel = true)]
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>When it stops working (a date means its first moment, UTC).</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whose it is: a person, a team, an application.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find and group it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>How much it may use at a time, over all models.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>Money that it may spend, over all models.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it may use of single models, by public name or pattern; the most specific counts.</summary>
    public IReadOnlyDictionary<string, KeyModelConfig> ModelLimits { get; init; } =
        new Dictionary<string, KeyModelConfig>(StringComparer.Ordinal);

    /// <summary>Who goes first where requests wait for a model, -10 to 10: the higher; who waits long goes up (R37).</summary>
    [Range(LowestPriority, HighestPriority)]
    public int Priority { get; init; }

    /// <summary>Whether the request log keeps the bodies of its requests and answers.</summary>
    public bool LogBodies { get; init; }
}

/// <summary>What a key may use of one model.</summary>
public sealed record KeyModelConfig : LimitsConfig
{
    /// <summary>Money that it may spend on the model.</summary>
    public BudgetConfig? Budget { get; init; }
}
