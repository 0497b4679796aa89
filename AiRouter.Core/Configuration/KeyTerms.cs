using System.ComponentModel.DataAnnotations;
using AiRouter.Core.Configuration.Schema;

namespace AiRouter.Core.Configuration;

/// <summary>
/// What a client key may use, and whose it is: the same in the document, in the store, in what admins say and in what they are shown.
/// </summary>
/// <remarks>Members that JSON of the store has not are set to null by its generated reader: they keep their defaults.</remarks>
public record KeyTerms
{
    /// <summary>The lowest <see cref="Priority"/>.</summary>
    public const int LowestPriority = -10;

    /// <summary>The highest <see cref="Priority"/>.</summary>
    public const int HighestPriority = 10;

    private static readonly Dictionary<string, KeyModelConfig> NoLimits = new(StringComparer.Ordinal);

    /// <summary>Patterns of public model names that it may use; absent: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Operations that it may use; absent: all operations with a model, none without (R5).</summary>
    [OperationNames(WithoutModel = true)]
    public IReadOnlyList<string>? Operations { get; init; }

    /// <summary>When it stops working (a date means its first moment; without a time zone it is UTC).</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Switched off.</summary>
    public bool Disabled { get; init; }

    /// <summary>Whose it is: a person, a team, an application.</summary>
    public string? Owner { get; init; }

    /// <summary>Words to find and group it by.</summary>
    public IReadOnlyList<string> Tags { get; init => field = value ?? []; } = [];

    /// <summary>How much it may use at a time, over all models.</summary>
    public LimitsConfig Limits { get; init => field = value ?? new(); } = new();

    /// <summary>Money that it may spend, over all models.</summary>
    public BudgetConfig? Budget { get; init; }

    /// <summary>What it may use of single models, by public name or pattern; the most specific counts.</summary>
    public IReadOnlyDictionary<string, KeyModelConfig> ModelLimits { get; init => field = value ?? NoLimits; } = NoLimits;

    /// <summary>Who goes first where requests wait for a model, -10 to 10: the higher; who waits long goes up (R37).</summary>
    [Range(LowestPriority, HighestPriority)]
    public int Priority { get; init; }

    /// <summary>Whether the request log keeps the bodies of its requests and answers.</summary>
    public bool LogBodies { get; init; }
}
