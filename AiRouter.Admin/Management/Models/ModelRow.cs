using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Models;

/// <summary>A model in the table of models.</summary>
/// <param name="Name">Its name, or pattern.</param>
/// <param name="Config">As it is stored.</param>
internal sealed record ModelRow(string Name, ModelConfig Config)
{
    /// <summary>Whether its name is a pattern.</summary>
    public bool IsPattern => Name.Contains('*');

    /// <summary>The operations whose default model it is.</summary>
    public IReadOnlyList<string> DefaultFor { get; init; } = [];

    /// <summary>How its targets stand, in their order.</summary>
    public IReadOnlyList<TargetHealth> Targets { get; init; } = [];

    /// <summary>Requests under way, of all routers.</summary>
    public int InFlight => Targets.Sum(static t => t.InFlight);

    /// <summary>Requests of the last 24 hours.</summary>
    public long Requests { get; init; }

    /// <summary>How many of them failed.</summary>
    public long Failed { get; init; }

    /// <summary>Input and output tokens of the last 24 hours.</summary>
    public long Tokens { get; init; }

    /// <summary>How all of it stands.</summary>
    public TargetStanding Standing
    {
        get
        {
            var asked = Targets.Where(static t => t.Standing != TargetStanding.Off).ToList();
            return asked.Count == 0 ? TargetStanding.Off
                : asked.All(static t => t.Standing == TargetStanding.Unknown) ? TargetStanding.Unknown
                : asked.All(static t => t.Standing == TargetStanding.Out) ? TargetStanding.Out
                : asked.All(static t => t.Standing is TargetStanding.Usable or TargetStanding.Unknown) ? TargetStanding.Usable
                : TargetStanding.Limited;
        }
    }

    /// <summary>How many of the targets that may be asked are not left alone by every router.</summary>
    public (int Usable, int All) Count
    {
        get
        {
            var asked = Targets.Where(static t => t.Standing != TargetStanding.Off).ToList();
            return (asked.Count(static t => t.Standing is TargetStanding.Usable or TargetStanding.Limited), asked.Count);
        }
    }

    /// <summary>Whether a search word is in its name, its targets or its operations.</summary>
    public bool Fits(string word)
    {
        return Has(Name) || (Config.Operations ?? []).Any(Has) || Config.Targets.Any(t => Has(t.Backend) || Has(t.Model ?? ""));

        bool Has(string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
