using AiRouter.Admin.Management.Live;
using AiRouter.Core.Configuration;

namespace AiRouter.Admin.Management.Models;

/// <summary>A model in the table of models.</summary>
/// <param name="Name">Its name, or pattern.</param>
/// <param name="Config">As it is stored.</param>
public sealed record ModelRow(string Name, ModelConfig Config)
{
    /// <summary>Whether its name is a pattern.</summary>
    public bool IsPattern => Name.Contains('*');

    /// <summary>The operations whose default model it is.</summary>
    public IReadOnlyList<string> DefaultFor { get; init; } = [];

    /// <summary>How it is just now; null: it is not known yet.</summary>
    public LiveModel? Live { get; init; }

    /// <summary>Requests of the last 24 hours.</summary>
    public long Requests { get; init; }

    /// <summary>How many of them backends or the router itself failed.</summary>
    public long Failed { get; init; }

    /// <summary>Input and output tokens of the last 24 hours.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether a search word is in its name, its targets or its operations.</summary>
    public bool Fits(string word)
    {
        return Has(Name) || (Config.Operations ?? []).Any(Has) || Config.Targets.Any(t => Has(t.Backend) || Has(t.Model ?? ""));

        bool Has(string text) => text.Contains(word, StringComparison.OrdinalIgnoreCase);
    }
}
