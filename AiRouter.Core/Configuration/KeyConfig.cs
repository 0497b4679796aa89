using System.ComponentModel.DataAnnotations;

namespace AiRouter.Core.Configuration;

/// <summary>A client key declared in the file (R3): who it is and what it may use, never the secret.</summary>
public sealed record KeyConfig : KeyTerms
{
    /// <summary>One with the defaults.</summary>
    public KeyConfig()
    {
    }

    /// <summary>One with these terms.</summary>
    public KeyConfig(KeyTerms terms)
        : base(terms)
    {
    }

    /// <summary>Shown in logs and metrics; unique.</summary>
    public required string Name { get; init; }

    /// <summary><c>sha256:</c> and 64 hexadecimal digits of the secret's UTF-8 bytes; the command <c>hash-key</c> makes both.</summary>
    [RegularExpression(
        "sha256:[0-9a-fA-F]{64}",
        ErrorMessage = "must be sha256: and 64 hexadecimal digits (the command hash-key makes them)")]
    public required string Hash { get; init; }
}

/// <summary>What a key may use of one model.</summary>
public sealed record KeyModelConfig : LimitsConfig
{
    /// <summary>Money that it may spend on the model.</summary>
    public BudgetConfig? Budget { get; init; }
}
