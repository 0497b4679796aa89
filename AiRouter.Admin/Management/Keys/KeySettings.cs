using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Keys;

/// <summary>What an admin says about a client key: everything but its secret.</summary>
internal sealed record KeySettings
{
    /// <summary>Shown in logs and metrics; unique.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is: a person, a team, an application.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find and group it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Patterns of public model names that it may use; absent: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Operations that it may use; absent: all with a model, none without.</summary>
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>When it stops working (a date means its first moment, UTC).</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>How much it may use at a time, over all models.</summary>
    public LimitsConfig Limits { get; init; } = new();

    /// <summary>Money that it may spend, over all models.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it may use of single models, by public name or pattern; the most specific counts.</summary>
    public IReadOnlyDictionary<string, KeyModelConfig> ModelLimits { get; init; } =
        new Dictionary<string, KeyModelConfig>(StringComparer.Ordinal);

    /// <summary>Who goes first where requests wait for a model, -10 to 10: the higher; who waits long goes up.</summary>
    [System.ComponentModel.DataAnnotations.Range(KeyConfig.LowestPriority, KeyConfig.HighestPriority)]
    public int Priority { get; init; }

    /// <summary>Whether the request log keeps the bodies of its requests and answers.</summary>
    public bool LogBodies { get; init; }
}

/// <summary>How a key gets another secret.</summary>
internal sealed record RotateRequest
{
    /// <summary>How long the secret of before works too, in hours, 0 to 8760.</summary>
    [System.ComponentModel.DataAnnotations.Range(0.0, 8760.0)]
    public double OverlapHours { get; init; } = 24;
}
